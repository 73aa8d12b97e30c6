#include "services/media/carriers/twilio_stream.h"

#include <charconv>
#include <optional>

#include "lib/base/base64.h"
#include "services/media/domain/json_scan.h"

namespace latchkey::media {
namespace {

using Kind = TwilioMessage::Kind;

TwilioMessage ParseMedia(std::string_view body, std::string& scratch) {
  const std::optional<std::string_view> payload = FindMember(body, "payload");
  const std::optional<std::string_view> timestamp = FindMember(body, "timestamp");
  if (!payload.has_value() || !timestamp.has_value()) return {};
  const std::optional<std::string_view> text = AnyText(*payload, scratch);
  const std::optional<int64_t> ms = WholeNumber(*timestamp);
  // A stream is over before its ten millionth second.
  if (!text.has_value() || !ms.has_value() || *ms < 0 || *ms > 10'000'000'000) return {};
  return {.kind = Kind::kMedia, .timestamp_ms = *ms, .payload = *text};
}

TwilioMessage ParseStart(std::string_view body) {
  const std::optional<std::string_view> stream = FindMember(body, "streamSid");
  const std::optional<std::string_view> call = FindMember(body, "callSid");
  if (!stream.has_value() || !call.has_value()) return {};
  const std::optional<std::string_view> stream_sid = PlainText(*stream);
  const std::optional<std::string_view> call_sid = PlainText(*call);
  if (!stream_sid.has_value() || !call_sid.has_value()) return {};
  return {.kind = Kind::kStart, .stream_sid = *stream_sid, .call_sid = *call_sid};
}

TwilioMessage ParseMark(std::string_view body) {
  const std::optional<std::string_view> name = FindMember(body, "name");
  if (!name.has_value()) return {};
  return {.kind = Kind::kMark, .mark = WholeNumber(*name).value_or(0)};
}

TwilioMessage ParseKey(std::string_view body) {
  const std::optional<std::string_view> digit = FindMember(body, "digit");
  if (!digit.has_value()) return {};
  const std::optional<std::string_view> text = PlainText(*digit);
  if (!text.has_value() || text->size() != 1) return {};
  return {.kind = Kind::kKey, .key = text->front()};
}

void AppendHead(std::string_view event, std::string_view stream_sid, std::string& out) {
  out.assign(R"({"event":")");
  out.append(event).append(R"(","streamSid":")").append(stream_sid).append("\"");
}

}  // namespace

TwilioMessage ParseTwilioMessage(std::string_view text, std::string& scratch) {
  const std::optional<std::string_view> raw = FindMember(text, "event");
  if (!raw.has_value()) return {};
  const std::optional<std::string_view> event = PlainText(*raw);
  if (!event.has_value()) return {};
  if (*event == "connected") return {.kind = Kind::kConnected};
  if (*event == "stop") return {.kind = Kind::kStop};
  const bool has_body =
      *event == "media" || *event == "start" || *event == "mark" || *event == "dtmf";
  if (!has_body) return {.kind = Kind::kOther};
  const std::optional<std::string_view> body = FindMember(text, *event);
  if (!body.has_value()) return {};
  if (*event == "media") return ParseMedia(*body, scratch);
  if (*event == "dtmf") return ParseKey(*body);
  return *event == "start" ? ParseStart(*body) : ParseMark(*body);
}

void ComposeTwilioMedia(std::string_view stream_sid, Audio audio, std::string& out) {
  AppendHead("media", stream_sid, out);
  out.append(R"(,"media":{"payload":")");
  AppendBase64(audio, out);
  out.append(R"("}})");
}

void ComposeTwilioMark(std::string_view stream_sid, int64_t mark, std::string& out) {
  AppendHead("mark", stream_sid, out);
  char number[24];
  const auto [end, error] = std::to_chars(number, number + sizeof(number), mark);
  out.append(R"(,"mark":{"name":")").append(number, end).append(R"("}})");
}

void ComposeTwilioClear(std::string_view stream_sid, std::string& out) {
  AppendHead("clear", stream_sid, out);
  out.append("}");
}

}  // namespace latchkey::media
