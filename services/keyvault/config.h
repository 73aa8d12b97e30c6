// Keyvault's settings: the table behind its flags, its variables, --help and the README.
#pragma once

#include <string_view>

#include "lib/rpc/host_settings.h"

namespace latchkey::keyvault {

// The one secret that comes by environment, under the name that the product page gives it. No flag:
// flags show in `ps`.
inline constexpr const char* kRootKeyVariable = "TENANT_KEY_ENCRYPTION_KEY";

inline constexpr auto kSettings = rpc::WithHostSettings({
    {"pg", "", "Postgres connection string of the role keyvault.", Setting::kText,
     Setting::kOptional},
    {"pg-owner", "", "Postgres connection string of the schema's owner, for --migrate alone.",
     Setting::kText, Setting::kOptional},
    {"key-ring-file", "",
     "File with several root keys by id, one of them current, instead of the environment's "
     "TENANT_KEY_ENCRYPTION_KEY (32 bytes, base64).",
     Setting::kFile, Setting::kOptional},
    {"ticket-public-key-file", "",
     "File with dialer's public key (ticket.pub), that tickets are "
     "verified with.",
     Setting::kFile, Setting::kOptional},
    {"validator", "127.0.0.1:7002", "Address of validator.", Setting::kAddress, Setting::kOptional},
    {"lease-ttl", "180s", "How long a lease lives without being renewed; whole seconds.",
     Setting::kDuration, Setting::kOptional},
    {"generate-ticket-key", "",
     "Directory to write dialer's new ticket.key and ticket.pub to, instead of serving.",
     Setting::kText, Setting::kOptional},
});

// Switches without a value.
inline constexpr std::string_view kFlags[] = {"migrate", "generate-root-key"};

}  // namespace latchkey::keyvault
