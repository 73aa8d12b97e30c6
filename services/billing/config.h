// Billing's settings: the table behind its flags, its variables, --help and the README.
#pragma once

#include "lib/rpc/host_settings.h"

namespace latchkey::billing {

inline constexpr auto kSettings = rpc::WithHostSettings({
    {"pg", "", "Postgres connection string of the role billing.", Setting::kText,
     Setting::kOptional},
    {"pg-owner", "", "Postgres connection string of the schema's owner, for --migrate alone.",
     Setting::kText, Setting::kOptional},
});

}  // namespace latchkey::billing
