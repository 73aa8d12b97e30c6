// PercentDecode: undoes %XX, for forms and for the segments of a path.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace latchkey::http {

// std::nullopt: a '%' without two hex digits behind it. In a form, '+' is a space as well.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space);

}  // namespace latchkey::http
