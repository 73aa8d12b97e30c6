// The catalogue: what Latchkey knows about each provider without asking it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace latchkey::provider {

// The numbers of latchkey.type.v1.Provider. They stand in rows and additional data: never change.
enum class Provider {
  kAnthropic = 1,
  kCartesia = 2,
  kDeepgram = 3,
  kTwilio = 4,
  kExotel = 5,
  kOpenai = 6,
};

enum class Kind { kAi, kCarrier };

// One field of a provider's key.
struct Field {
  std::string_view name;   // "auth_token"
  std::string_view label;  // What its owner calls it: "Auth Token"
  bool secret = true;      // False for what may be shown: an account id, a phone number.
  bool required = true;
};

struct Entry {
  Provider provider;
  Kind kind;
  std::string_view name;   // In URLs, logs, metrics and JSON: "anthropic".
  std::string_view label;  // For people: "Anthropic".
  std::span<const Field> fields;
  std::string_view preview_field;  // The field whose end is shown.
  std::string_view base_url;       // "https://api.anthropic.com"; no slash at the end.
  std::string_view documentation;  // Where its owner makes a key.
};

// All six, in the order of their numbers.
std::span<const Entry> Catalogue();

const Entry& Describe(Provider provider);

// kInvalidArgument `unknown_provider`.
absl::StatusOr<Provider> ParseProvider(std::string_view name);  // "anthropic"
absl::StatusOr<Provider> ParseProvider(int number);             // 1

// Null when the provider's key has no such field.
const Field* FindField(const Entry& entry, std::string_view name);

// "anthropic"; the short form of Describe(provider).name.
std::string_view Name(Provider provider);

}  // namespace latchkey::provider

namespace latchkey {
using provider::Provider;
}
