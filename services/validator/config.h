// Validator's settings: the table behind its flags, its variables, --help and the README.
#pragma once

#include "lib/rpc/host_settings.h"

namespace latchkey::validator {

inline constexpr auto kSettings = rpc::WithHostSettings({
    {"anthropic-url", "https://api.anthropic.com", "Where Anthropic's API is.", Setting::kUrl,
     Setting::kOptional},
    {"cartesia-url", "https://api.cartesia.ai", "Where Cartesia's API is.", Setting::kUrl,
     Setting::kOptional},
    {"deepgram-url", "https://api.deepgram.com", "Where Deepgram's API is.", Setting::kUrl,
     Setting::kOptional},
    {"exotel-url", "https://api.exotel.com", "Where Exotel's API is, region Singapore.",
     Setting::kUrl, Setting::kOptional},
    {"exotel-in-url", "https://api.in.exotel.com", "Where Exotel's API is, region Mumbai.",
     Setting::kUrl, Setting::kOptional},
    {"openai-url", "https://api.openai.com", "Where OpenAI's API is.", Setting::kUrl,
     Setting::kOptional},
    {"twilio-url", "https://api.twilio.com", "Where Twilio's API is.", Setting::kUrl,
     Setting::kOptional},
    {"provider-ca", "", "PEM file: a CA that providers' certificates may come from, too.",
     Setting::kFile, Setting::kOptional},
});

}  // namespace latchkey::validator
