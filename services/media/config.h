// media's settings: the table behind its flags, its variables, --help and the README.
#pragma once

#include "lib/rpc/host_settings.h"

namespace latchkey::media {

inline constexpr auto kSettings = rpc::WithHostSettings({
    {"instance", "", "Name of this instance, as in its certificate. Example: m1.", Setting::kText,
     Setting::kRequired},
    {"advertise", "", "host:port where dialer reaches our gRPC server; empty: the listen address.",
     Setting::kText, Setting::kOptional},
    {"capacity", "200", "Calls at a time.", Setting::kInteger, Setting::kOptional},
    {"io-threads", "0", "Threads that run calls; 0: one for each core.", Setting::kInteger,
     Setting::kOptional},
    {"carrier-listen", "127.0.0.1:0", "Address of the server that carriers reach.",
     Setting::kAddress, Setting::kOptional},
    {"carrier-cert", "", "PEM file: that server's certificate; empty: an ingress ends TLS.",
     Setting::kFile, Setting::kOptional},
    {"carrier-key", "", "PEM file: that server's private key.", Setting::kFile, Setting::kOptional},
    {"public-url", "", "Where carriers reach that server from outside; https.", Setting::kUrl,
     Setting::kRequired},
    {"recordings", "", "Directory of the recordings' volume.", Setting::kText, Setting::kRequired},
    {"dialer", "", "host:port of dialer.", Setting::kAddress, Setting::kRequired},
    {"orchestrator", "", "host:port of orchestrator.", Setting::kAddress, Setting::kRequired},
    {"keyvault", "", "host:port of keyvault.", Setting::kAddress, Setting::kRequired},
    {"anthropic-url", "https://api.anthropic.com", "Anthropic's API.", Setting::kUrl,
     Setting::kOptional},
    {"cartesia-url", "https://api.cartesia.ai", "Cartesia's API.", Setting::kUrl,
     Setting::kOptional},
    {"deepgram-url", "https://api.deepgram.com", "Deepgram's API.", Setting::kUrl,
     Setting::kOptional},
    {"openai-url", "https://api.openai.com", "OpenAI's API.", Setting::kUrl, Setting::kOptional},
    {"twilio-url", "https://api.twilio.com", "Twilio's API.", Setting::kUrl, Setting::kOptional},
    {"provider-ca", "", "PEM file: a CA that providers are trusted by, besides the system's.",
     Setting::kFile, Setting::kOptional},
});

}  // namespace latchkey::media
