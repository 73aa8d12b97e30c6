#include "lib/provider/key_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/e164.h"
#include "lib/base/error.h"

namespace latchkey::provider {

namespace {

// A prefix that shows a token which is no API key, and what to bring instead.
struct ForeignToken {
  Provider provider;
  std::string_view prefix;
  std::string_view what;
};

constexpr ForeignToken kForeignTokens[] = {
    {Provider::kAnthropic, "sk-ant-admin", "an administrator's key"},
    {Provider::kAnthropic, "sk-ant-oat", "a Claude subscription's token"},
    {Provider::kAnthropic, "sk-ant-ort", "a Claude subscription's token"},
    {Provider::kAnthropic, "sk-ant-sid", "a Claude subscription's session"},
    {Provider::kOpenai, "sk-admin-", "an administrator's key"},
    {Provider::kOpenai, "sess-", "a ChatGPT session"},
    {Provider::kOpenai, "ek_", "a short-lived client secret"},
    {Provider::kOpenai, "sk-ant-oat", "a Claude subscription's token"},
    {Provider::kOpenai, "sk-ant-ort", "a Claude subscription's token"},
    {Provider::kOpenai, "sk-ant-sid", "a Claude subscription's session"},
    {Provider::kOpenai, "ya29.", "a Google login token, as of a Gemini subscription"},
    {Provider::kCartesia, "sk_car_admin_", "an administrator's key"},
};

// A prefix that shows another company's API key where OpenAI's is wanted.
struct ForeignKey {
  std::string_view prefix;
  std::string_view whose;
};

constexpr ForeignKey kNotOpenais[] = {
    {"sk-ant-", "an Anthropic key"},
    {"xai-", "an xAI key"},
    {"AIza", "a Google key"},
    {"sk_car_", "a Cartesia key"},
};

constexpr std::string_view kJsonWebToken = "eyJ";  // base64 of '{"': no provider's API key.

constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

bool IsHex(std::string_view text, size_t size) {
  return text.size() == size && text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

absl::Status Refusal(Provider provider, const Field& field, std::string_view reason,
                     std::string_view sentence) {
  const Entry& entry = Describe(provider);
  return Error(absl::StatusCode::kInvalidArgument, "byok_key_invalid",
               fmt::format("{} {} See {}.", entry.label, sentence, entry.documentation),
               {{"provider", std::string(entry.name)},
                {"field", std::string(field.name)},
                {"reason", std::string(reason)}});
}

absl::Status Malformed(Provider provider, const Field& field, std::string_view what) {
  return Refusal(provider, field, "malformed_key",
                 fmt::format("{}: {} Copy it again.", field.label, what));
}

absl::Status CheckSecretToken(Provider provider, const Field& field, std::string_view value) {
  for (const ForeignToken& token : kForeignTokens) {
    if (token.provider != provider || !value.starts_with(token.prefix)) continue;
    return Refusal(provider, field, "not_an_api_key",
                   fmt::format("{}: this is {}, not an API key. Create an API key and paste that.",
                               field.label, token.what));
  }
  if (!value.starts_with(kJsonWebToken)) return absl::OkStatus();
  return Refusal(provider, field, "not_an_api_key",
                 fmt::format("{}: this is a login token, not an API key. Create an API key and "
                             "paste that.",
                             field.label));
}

absl::Status CheckPrefix(Provider provider, const Field& field, std::string_view value) {
  if (provider == Provider::kAnthropic && !value.starts_with("sk-ant-")) {
    return Malformed(provider, field, "it does not start with sk-ant-.");
  }
  for (const ForeignKey& key : kNotOpenais) {
    if (provider != Provider::kOpenai || !value.starts_with(key.prefix)) continue;
    return Refusal(provider, field, "malformed_key",
                   fmt::format("{}: this is {}, not one of OpenAI's. Create one there.",
                               field.label, key.whose));
  }
  if (provider == Provider::kOpenai && !value.starts_with("sk-")) {
    return Malformed(provider, field, "it does not start with sk-.");
  }
  if (field.name == "account_sid" && !(value.starts_with("AC") && IsHex(value.substr(2), 32))) {
    return Malformed(provider, field, "it is not AC and 32 hexadecimal digits.");
  }
  if (field.name == "phone_number" && !E164::Parse(value).ok()) {
    return Malformed(provider, field, "it is not an international number such as +14155550100.");
  }
  if (field.name == "region" && value != "sg" && value != "in") {
    return Malformed(provider, field, "it is not sg (Singapore) or in (Mumbai).");
  }
  return absl::OkStatus();
}

// Deepgram's keys are 40 of [0-9a-z] today, and look like a UUID in its own words.
bool LooksLikeDeepgram(std::string_view value) {
  return (value.size() == 40 || value.size() == 36) &&
         value.find_first_not_of(
             "0123456789abcdef"
             "ghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

bool LooksOdd(Provider provider, const Field& field, std::string_view value) {
  if (value.find(' ') != std::string_view::npos) return true;
  switch (provider) {
    case Provider::kAnthropic:
      return !value.starts_with("sk-ant-api");
    case Provider::kCartesia:
      return !value.starts_with("sk_car_");
    case Provider::kDeepgram:
      return !LooksLikeDeepgram(value);
    case Provider::kTwilio:
      return field.name == "auth_token" && !IsHex(value, 32);
    case Provider::kOpenai:
      return value.size() < 40;
    case Provider::kExotel:
      return false;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> CheckFormat(Provider provider, const Field& field,
                                                     std::string_view value) {
  if (value.empty()) return Malformed(provider, field, "it is empty.");
  if (value.size() > kFieldBytesMax) {
    return Malformed(provider, field, fmt::format("it is longer than {} bytes.", kFieldBytesMax));
  }
  if (HasControlCharacter(value)) {
    return Malformed(provider, field, "it contains a line break or another control character.");
  }
  if (field.secret) {
    absl::Status token = CheckSecretToken(provider, field, value);
    if (!token.ok()) return token;
  }
  absl::Status prefix = CheckPrefix(provider, field, value);
  if (!prefix.ok()) return prefix;

  std::vector<std::string> warnings;
  if (LooksOdd(provider, field, value)) {
    warnings.push_back(fmt::format(
        "{} {}: this does not look like the keys that {} makes today. If it does not work, copy it "
        "again.",
        Describe(provider).label, field.label, Describe(provider).label));
  }
  return warnings;
}

std::string Preview(Provider provider, std::string_view value) {
  constexpr std::string_view kAnthropic[] = {"sk-ant-"};
  constexpr std::string_view kOpenai[] = {"sk-proj-", "sk-svcacct-", "sk-"};
  constexpr std::string_view kCartesia[] = {"sk_car_"};
  constexpr size_t kShownFrom = 16;  // Four characters of a shorter value would tell too much.
  std::span<const std::string_view> prefixes;
  if (provider == Provider::kAnthropic) prefixes = kAnthropic;
  if (provider == Provider::kOpenai) prefixes = kOpenai;
  if (provider == Provider::kCartesia) prefixes = kCartesia;

  std::string_view shown;
  for (const std::string_view prefix : prefixes) {
    if (shown.empty() && value.starts_with(prefix)) shown = prefix;
  }
  if (value.size() < kShownFrom) return fmt::format("{}...", shown);
  return fmt::format("{}...{}", shown, value.substr(value.size() - 4));
}

}  // namespace latchkey::provider
