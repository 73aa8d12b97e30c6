// What gateway is started with.
#pragma once

#include <array>

#include "lib/base/config.h"
#include "lib/rpc/host_settings.h"

namespace latchkey::gateway {

inline constexpr auto kSettings = rpc::WithHostSettings({
    {"api-listen", "127.0.0.1:0", "Address of the REST API.", Setting::kAddress},
    {"api-tls-cert", "",
     "PEM file: the API's certificate; without it the API speaks plain HTTP, "
     "for an ingress that ends TLS on the same host.",
     Setting::kFile},
    {"api-tls-key", "", "PEM file: the API's private key.", Setting::kFile},
    {"keyvault", "", "Address of keyvault.", Setting::kAddress, Setting::kRequired},
    {"orchestrator", "", "Address of orchestrator.", Setting::kAddress, Setting::kRequired},
    {"dialer", "", "Address of dialer.", Setting::kAddress, Setting::kRequired},
    {"billing", "", "Address of billing.", Setting::kAddress, Setting::kRequired},
});

}  // namespace latchkey::gateway
