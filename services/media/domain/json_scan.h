// JsonScan: finds single values in a JSON text, in place. For the paths where every frame of audio
// goes through: it allocates nothing and reads no more than it must.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace latchkey::media {

// The raw text of member `name` of the object that `json` is: a string with its quotes, a number,
// an object with its braces. Nothing when there is none or when the text is broken before it. What
// comes after the member is not looked at.
std::optional<std::string_view> FindMember(std::string_view json, std::string_view name);

// The inside of a raw string that has no escapes; nothing for anything else.
std::optional<std::string_view> PlainText(std::string_view raw);

// The inside of any raw string, with its escapes resolved. Nothing when it is not a string. Uses
// `scratch` only when there are escapes.
std::optional<std::string_view> AnyText(std::string_view raw, std::string& scratch);

// A whole number, with or without quotes (Twilio quotes its numbers).
std::optional<int64_t> WholeNumber(std::string_view raw);

// A decimal number of seconds such as 0.74, in units of 1/8000 s.
std::optional<int64_t> SecondsToSamples(std::string_view raw);

// The next element of a raw array: take the elements one by one from `rest`, which starts as the
// array's raw text. Nothing at the end.
std::optional<std::string_view> NextElement(std::string_view& rest);

// Appends `text` as a JSON string, with its quotes.
void AppendJsonText(std::string_view text, std::string& out);

}  // namespace latchkey::media
