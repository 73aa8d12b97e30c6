// Orchestrator's settings: the table behind its flags, its variables, --help and the README.
#pragma once

#include "lib/rpc/host_settings.h"

namespace latchkey::orchestrator {

inline constexpr auto kSettings = rpc::WithHostSettings({
    {"pg", "", "Postgres connection string of the role orchestrator.", Setting::kText,
     Setting::kOptional},
    {"pg-owner", "", "Postgres connection string of the schema's owner, for --migrate alone.",
     Setting::kText, Setting::kOptional},
    {"keyvault", "127.0.0.1:7001", "Address of keyvault.", Setting::kAddress, Setting::kOptional},
    {"recordings", "", "Folder of the recordings that media writes; empty: none can be read.",
     Setting::kText, Setting::kOptional},
    {"event-retention", "2160h",
     "How long events of tenants are kept, at least 24h; older ones are deleted.",
     Setting::kDuration, Setting::kOptional},
    {"tool-ca", "", "A CA that tools' hosts are trusted by, besides the system's.", Setting::kText,
     Setting::kOptional},
    {"tool-allow-loopback", "false",
     "true: tools may be on this machine itself. For development and tests alone.", Setting::kBool,
     Setting::kOptional},
});

}  // namespace latchkey::orchestrator
