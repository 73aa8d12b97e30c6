#include "sandbox/carrier/exotel/numbers.h"

#include "lib/base/e164.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr std::string_view kIndia = "+91";
constexpr size_t kLocalDigits = 10;
constexpr char kTimeFormat[] = "%Y-%m-%d %H:%M:%S";

absl::TimeZone IndiaTime() { return absl::FixedTimeZone(19'800); }

}  // namespace

std::optional<std::string> ToE164(std::string_view text) {
  std::string number(text);
  if (text.size() == kLocalDigits + 1 && text.starts_with('0')) {
    number = std::string(kIndia) + std::string(text.substr(1));
  }
  if (!E164::Parse(number).ok()) return std::nullopt;
  return number;
}

std::string ToLocal(std::string_view e164) {
  const bool indian = e164.starts_with(kIndia) && e164.size() == kIndia.size() + kLocalDigits;
  return indian ? "0" + std::string(e164.substr(kIndia.size())) : std::string(e164);
}

std::string ToText(absl::Time time) { return absl::FormatTime(kTimeFormat, time, IndiaTime()); }

std::optional<absl::Time> ParseTime(std::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(kTimeFormat, std::string(text), IndiaTime(), &time, &error)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace latchkey::sandbox::exotel
