#include "services/gateway/adapters/json_values.h"

#include <fmt/format.h>

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "lib/provider/catalogue.h"

namespace latchkey::gateway {
namespace {

using type::v1::Provider;

constexpr int64_t kMicros = 1'000'000;
constexpr int64_t kMillisPerSecond = 1000;
constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr size_t kDecimalsMin = 2;

int64_t Millis(const google::protobuf::Duration& duration) {
  return duration.seconds() * kMillisPerSecond + duration.nanos() / kNanosPerMilli;
}

}  // namespace

boost::json::value TimeValue(bool set, const google::protobuf::Timestamp& time) {
  if (!set) return nullptr;
  const absl::Time value = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
  return boost::json::value(absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", value, absl::UTCTimeZone()));
}

boost::json::value MillisValue(bool set, const google::protobuf::Duration& duration) {
  if (!set) return nullptr;
  return Millis(duration);
}

boost::json::value MoneyValue(const type::v1::Money& money) {
  const int64_t size = std::abs(money.micros());
  std::string decimals = fmt::format("{:06}", size % kMicros);
  while (decimals.size() > kDecimalsMin && decimals.back() == '0') decimals.pop_back();
  const std::string_view sign = money.micros() < 0 ? "-" : "";
  return boost::json::object{{"currency", money.currency_code()},
                             {"amount", fmt::format("{}{}.{}", sign, size / kMicros, decimals)}};
}

boost::json::array Sentences(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  boost::json::array items;
  for (const std::string& text : texts) items.push_back(boost::json::string(text));
  return items;
}

std::string EnumName(std::string_view value_name, std::string_view prefix) {
  if (value_name.starts_with(prefix)) value_name.remove_prefix(prefix.size());
  return absl::AsciiStrToLower(absl::string_view(value_name.data(), value_name.size()));
}

std::string ProviderName(Provider provider) {
  const absl::StatusOr<provider::Provider> known = provider::ParseProvider(int{provider});
  return known.ok() ? std::string(provider::Name(*known)) : std::string("unknown");
}

absl::StatusOr<Provider> ParseProvider(std::string_view name) {
  const absl::StatusOr<provider::Provider> known = provider::ParseProvider(name);
  if (!known.ok()) return known.status();
  return static_cast<Provider>(*known);
}

}  // namespace latchkey::gateway
