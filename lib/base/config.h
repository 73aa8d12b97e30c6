// Config: one table of settings per service. It drives --flags, LATCHKEY_… variables, --help, the
// checks, and the table in the service's README.
//
//   constexpr Setting kSettings[] = {
//       {"lease-ttl", "180s", "How long a lease lives without being renewed.", Setting::kDuration},
//       {"pg", "", "Postgres connection string; required.", Setting::kText, Setting::kRequired},
//       {"pg-password-file", "", "File that holds the password.", Setting::kFile},
//   };
//
// --lease-ttl=60s wins over LATCHKEY_LEASE_TTL=60s, which wins over the default. A secret comes by
// environment or file, never by flag: flags show in `ps`.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace latchkey {

struct Setting {
  enum Kind { kText, kInteger, kBool, kDuration, kFile, kAddress, kUrl };
  enum Need { kOptional, kRequired };

  std::string_view name;      // "lease-ttl"
  std::string_view standard;  // The default, as one would type it; "" for none.
  std::string_view meaning;   // One sentence, with the unit.
  Kind kind = kText;
  Need need = kOptional;
};

// What a service was started with: every value has passed its setting's check.
class Config {
 public:
  // Reads argv and the environment. On a mistake: prints every mistake as a sentence and exits 2.
  // On --help: prints the table and exits 0. On --version: prints it and exits 0. `flags` are
  // further switches without a value, such as "migrate"; see Has().
  static Config ParseOrExit(int argc, char** argv, std::string_view summary,
                            std::span<const Setting> settings,
                            std::span<const std::string_view> flags = {});

  // The same, for tests: kInvalidArgument `bad_settings` with all mistakes in the message.
  static absl::StatusOr<Config> Parse(std::span<const std::string> arguments,
                                      const std::map<std::string, std::string>& environment,
                                      std::span<const Setting> settings,
                                      std::span<const std::string_view> flags = {});

  std::string Text(std::string_view name) const;
  int64_t Integer(std::string_view name) const;
  bool Bool(std::string_view name) const;
  absl::Duration Duration(std::string_view name) const;
  bool Has(std::string_view flag) const;  // --migrate was given.

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// The table as --help and the READMEs show it.
std::string SettingsTable(std::span<const Setting> settings);

}  // namespace latchkey
