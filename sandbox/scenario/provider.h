// The six providers that the sandbox stands in for.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

namespace latchkey::sandbox {

enum class Provider { kAnthropic, kCartesia, kDeepgram, kTwilio, kExotel, kOpenai };

std::string_view Name(Provider provider);  // "anthropic"

// As scenarios name them.
inline constexpr std::initializer_list<std::pair<std::string_view, Provider>> kProviders = {
    {"anthropic", Provider::kAnthropic}, {"cartesia", Provider::kCartesia},
    {"deepgram", Provider::kDeepgram},   {"twilio", Provider::kTwilio},
    {"exotel", Provider::kExotel},       {"openai", Provider::kOpenai}};

}  // namespace latchkey::sandbox
