// The settings that every service has, and how a service adds its own.
//
//   constexpr auto kSettings = rpc::WithHostSettings({
//       {"pg", "", "Postgres connection string.", Setting::kText, Setting::kRequired},
//   });
//   Config config = Config::ParseOrExit(argc, argv, "Keeps provider keys.", kSettings);
#pragma once

#include <array>
#include <cstddef>

#include "lib/base/config.h"

namespace latchkey::rpc {

inline constexpr std::array<Setting, 10> kHostSettings = {{
    {"listen", "127.0.0.1:0", "Address of the gRPC server (mTLS); port 0 takes a free one.",
     Setting::kAddress, Setting::kOptional},
    {"http-listen", "127.0.0.1:0", "Address of /livez, /readyz and /metrics (plain HTTP).",
     Setting::kAddress, Setting::kOptional},
    {"tls-cert", "", "PEM file: this service's certificate, then its chain; needed to serve.",
     Setting::kFile, Setting::kOptional},
    {"tls-key", "", "PEM file: this service's private key; needed to serve.", Setting::kFile,
     Setting::kOptional},
    {"tls-ca", "", "PEM file: the CA that every peer's certificate comes from; needed to serve.",
     Setting::kFile, Setting::kOptional},
    {"tls-interval", "10s", "How often the TLS files are looked at for a new certificate.",
     Setting::kDuration, Setting::kOptional},
    {"connection-age", "5m",
     "Clients connect anew after so long, and with that under the certificates of the day.",
     Setting::kDuration, Setting::kOptional},
    {"log-level", "info", "Least level that is logged: debug, info, warn or error.", Setting::kText,
     Setting::kOptional},
    {"drain-timeout", "10s", "How long running calls may go on after SIGTERM.", Setting::kDuration,
     Setting::kOptional},
    {"lock-memory", "true",
     "Refuse to start when the memory for keys cannot be locked into RAM (4 MiB of it).",
     Setting::kBool, Setting::kOptional},
}};

// The host's settings first, then the service's own.
template <size_t N>
constexpr std::array<Setting, kHostSettings.size() + N> WithHostSettings(const Setting (&own)[N]) {
  std::array<Setting, kHostSettings.size() + N> all{};
  for (size_t i = 0; i < kHostSettings.size(); ++i) all[i] = kHostSettings[i];
  for (size_t i = 0; i < N; ++i) all[kHostSettings.size() + i] = own[i];
  return all;
}

}  // namespace latchkey::rpc
