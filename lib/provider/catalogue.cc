#include "lib/provider/catalogue.h"

#include <array>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::provider {

namespace {

constexpr Field kApiKey[] = {{"api_key", "API key"}};

constexpr Field kTwilio[] = {
    {"account_sid", "Account SID", /*secret=*/false},
    {"auth_token", "Auth Token"},
    {"phone_number", "Phone Number", /*secret=*/false, /*required=*/false},
};

constexpr Field kExotel[] = {
    {"sid", "SID", /*secret=*/false},
    {"api_key", "API Key", /*secret=*/true, /*required=*/false},
    {"auth_token", "Auth Token"},
    {"phone_number", "Phone Number", /*secret=*/false, /*required=*/false},
    {"region", "Region", /*secret=*/false, /*required=*/false},  // "sg", or "in"; else sg.
};

constexpr Entry kEntries[] = {
    {Provider::kAnthropic, Kind::kAi, "anthropic", "Anthropic", kApiKey, "api_key",
     "https://api.anthropic.com", "https://console.anthropic.com/settings/keys"},
    {Provider::kCartesia, Kind::kAi, "cartesia", "Cartesia", kApiKey, "api_key",
     "https://api.cartesia.ai", "https://play.cartesia.ai/keys"},
    {Provider::kDeepgram, Kind::kAi, "deepgram", "Deepgram", kApiKey, "api_key",
     "https://api.deepgram.com", "https://console.deepgram.com"},
    {Provider::kTwilio, Kind::kCarrier, "twilio", "Twilio", kTwilio, "auth_token",
     "https://api.twilio.com", "https://console.twilio.com"},
    {Provider::kExotel, Kind::kCarrier, "exotel", "Exotel", kExotel, "auth_token",
     "https://api.exotel.com", "https://my.exotel.com/apisettings/site#api-credentials"},
    {Provider::kOpenai, Kind::kAi, "openai", "OpenAI", kApiKey, "api_key", "https://api.openai.com",
     "https://platform.openai.com/api-keys"},
};

absl::Status UnknownProvider() {
  return Error(absl::StatusCode::kInvalidArgument, "unknown_provider",
               "There is no such provider. Use anthropic, cartesia, deepgram, twilio, exotel or "
               "openai.");
}

}  // namespace

std::span<const Entry> Catalogue() { return kEntries; }

const Entry& Describe(Provider provider) {
  for (const Entry& entry : kEntries) {
    if (entry.provider == provider) return entry;
  }
  Check(false, "every provider is in the catalogue");
  return kEntries[0];
}

absl::StatusOr<Provider> ParseProvider(std::string_view name) {
  for (const Entry& entry : kEntries) {
    if (entry.name == name) return entry.provider;
  }
  return UnknownProvider();
}

absl::StatusOr<Provider> ParseProvider(int number) {
  for (const Entry& entry : kEntries) {
    if (static_cast<int>(entry.provider) == number) return entry.provider;
  }
  return UnknownProvider();
}

const Field* FindField(const Entry& entry, std::string_view name) {
  for (const Field& field : entry.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string_view Name(Provider provider) { return Describe(provider).name; }

}  // namespace latchkey::provider
