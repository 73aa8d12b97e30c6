// Dialer's settings: the table behind its flags, its variables, --help and the README.
#pragma once

#include "lib/rpc/host_settings.h"

namespace latchkey::dialer {

inline constexpr auto kSettings = rpc::WithHostSettings({
    {"pg", "", "Postgres connection string of the role dialer.", Setting::kText,
     Setting::kOptional},
    {"pg-owner", "", "Postgres connection string of the schema's owner, for --migrate alone.",
     Setting::kText, Setting::kOptional},
    {"ticket-key-file", "", "File that holds the Ed25519 key that tickets are signed with.",
     Setting::kText, Setting::kOptional},
    {"keyvault", "127.0.0.1:7001", "Address of keyvault.", Setting::kAddress, Setting::kOptional},
    {"billing", "127.0.0.1:7006", "Address of billing.", Setting::kAddress, Setting::kOptional},
    {"orchestrator", "127.0.0.1:7003", "Address of orchestrator.", Setting::kAddress,
     Setting::kOptional},
});

}  // namespace latchkey::dialer
