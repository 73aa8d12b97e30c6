#include "lib/http/form.h"

#include <optional>

#include "lib/base/error.h"
#include "lib/http/percent.h"

namespace latchkey::http {

namespace {

absl::Status MalformedForm(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, "malformed_form", message);
}

bool Unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (Unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4];
    encoded += kDigits[byte & 15];
  }
  return encoded;
}

absl::StatusOr<Form> Form::Parse(std::string_view text) {
  Form form;
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    if (form.size() == kFormPairsMax) return MalformedForm("The form has too many fields.");
    const size_t equals = pair.find('=');
    const bool has_value = equals != std::string_view::npos;
    std::optional<std::string> key = PercentDecode(pair.substr(0, equals), true);
    std::optional<std::string> value =
        PercentDecode(has_value ? pair.substr(equals + 1) : std::string_view(), true);
    if (!key || !value) return MalformedForm("The form has a %-escape that is not two hex digits.");
    form.pairs_.emplace_back(std::move(*key), std::move(*value));
  }
  return form;
}

void Form::Add(std::string_view key, std::string_view value) { pairs_.emplace_back(key, value); }

std::string_view Form::Get(std::string_view key) const {
  for (const Pair& pair : pairs_) {
    if (pair.first == key) return pair.second;
  }
  return {};
}

std::vector<std::string_view> Form::GetAll(std::string_view key) const {
  std::vector<std::string_view> values;
  for (const Pair& pair : pairs_) {
    if (pair.first == key) values.push_back(pair.second);
  }
  return values;
}

bool Form::Has(std::string_view key) const {
  for (const Pair& pair : pairs_) {
    if (pair.first == key) return true;
  }
  return false;
}

std::string Form::Encode() const {
  std::string text;
  for (const Pair& pair : pairs_) {
    if (!text.empty()) text += '&';
    text += PercentEncode(pair.first);
    text += '=';
    text += PercentEncode(pair.second);
  }
  return text;
}

}  // namespace latchkey::http
