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
    {"rewrap-rate", "200", "Rows a second that a rewrap moves at most.", Setting::kInteger,
     Setting::kOptional},
    {"audit-checkpoints", "",
     "Directory, outside of the database, that signed audit checkpoints are added to.",
     Setting::kText, Setting::kOptional},
    {"audit-checkpoint-interval", "60s", "How often they are signed.", Setting::kDuration,
     Setting::kOptional},
    {"tenant-lease-rate", "1200", "Tickets a minute of one tenant, on each replica.",
     Setting::kInteger, Setting::kOptional},
    {"instance-lease-rate", "6000", "Tickets a minute of one media instance, on each replica.",
     Setting::kInteger, Setting::kOptional},
    {"tenant-live-leases", "20000", "Leases that one tenant's calls hold at a time.",
     Setting::kInteger, Setting::kOptional},
    {"instance-live-leases", "20000", "Leases that one media instance holds at a time.",
     Setting::kInteger, Setting::kOptional},
    {"fan-out-alarm", "200", "Tenants a minute of one media instance that raise an alarm.",
     Setting::kInteger, Setting::kOptional},
    {"freeze-after", "20", "Forged or foreign tickets a minute that freeze a media instance.",
     Setting::kInteger, Setting::kOptional},
    {"tenant-probe-rate", "20", "Keys of one tenant that are tested or saved a minute.",
     Setting::kInteger, Setting::kOptional},
    {"tenant-probe-day-limit", "200", "Keys of one tenant that are tested or saved a day.",
     Setting::kInteger, Setting::kOptional},
    {"orchestrator", "127.0.0.1:7003", "Address of orchestrator, which keeps tenants' events.",
     Setting::kAddress, Setting::kOptional},
    {"revalidate-interval", "24h",
     "How often a stored key is probed, at least 1m; one in trouble 24 times as often.",
     Setting::kDuration, Setting::kOptional},
    {"revalidate-rate", "120", "Such probes a minute, on each replica.", Setting::kInteger,
     Setting::kOptional},
    {"generate-ticket-key", "",
     "Directory to write dialer's new ticket.key and ticket.pub to, instead of serving.",
     Setting::kText, Setting::kOptional},
});

// Switches without a value.
inline constexpr std::string_view kFlags[] = {"migrate", "generate-root-key"};

}  // namespace latchkey::keyvault
