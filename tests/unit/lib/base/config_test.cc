#include "lib/base/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/status_matchers.h"

namespace latchkey {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr Setting kSettings[] = {
    {"listen", "127.0.0.1:0", "Where it listens.", Setting::kAddress},
    {"lease-ttl", "180s", "How long a lease lives.", Setting::kDuration},
    {"threads", "1", "Io threads.", Setting::kInteger},
    {"verbose", "false", "Whether it logs more.", Setting::kBool},
    {"tls-key", "", "A private key, PEM.", Setting::kFile},
    {"anthropic-url", "https://api.anthropic.com", "Where Anthropic is.", Setting::kUrl},
    {"pg", "", "Postgres connection string.", Setting::kText, Setting::kRequired},
};
constexpr std::string_view kFlags[] = {"migrate"};

using Environment = std::map<std::string, std::string>;

absl::StatusOr<Config> Parse(const std::vector<std::string>& arguments,
                             const Environment& environment = {}) {
  return Config::Parse(arguments, environment, kSettings, kFlags);
}

TEST(ConfigTest, TakesTheFlagThenTheVariableThenTheDefault) {
  const Environment environment = {{"LATCHKEY_LEASE_TTL", "60s"}, {"LATCHKEY_THREADS", "4"}};

  const absl::StatusOr<Config> config = Parse({"--pg=dbname=x", "--lease-ttl", "90s"}, environment);

  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->Duration("lease-ttl"), absl::Seconds(90));
  EXPECT_EQ(config->Integer("threads"), 4);
  EXPECT_EQ(config->Text("listen"), "127.0.0.1:0");
  EXPECT_EQ(config->Text("pg"), "dbname=x");
  EXPECT_FALSE(config->Bool("verbose"));
}

TEST(ConfigTest, KnowsWhichFlagsWereGiven) {
  EXPECT_TRUE(Parse({"--pg=x", "--migrate"})->Has("migrate"));
  EXPECT_FALSE(Parse({"--pg=x"})->Has("migrate"));
}

TEST(ConfigTest, TellsAllMistakesAtOnce) {
  const absl::StatusOr<Config> config =
      Parse({"--lease-ttl=soon", "--threads=few", "--nonsense=1", "loose", "--listen=nowhere",
             "--verbose=maybe", "--tls-key=/does/not/exist", "--anthropic-url=ftp://x"});

  EXPECT_THAT(config, StatusIs(absl::StatusCode::kInvalidArgument, "bad_settings"));
  EXPECT_THAT(Message(config.status()),
              AllOf(HasSubstr("--lease-ttl must be a duration"), HasSubstr("--threads must be"),
                    HasSubstr("no setting called --nonsense"), HasSubstr("--name=value"),
                    HasSubstr("--listen must be an address"), HasSubstr("--verbose must be"),
                    HasSubstr("--tls-key must name a file"), HasSubstr("--anthropic-url must be")));
  EXPECT_THAT(Message(config.status()), HasSubstr("--pg (or LATCHKEY_PG) is missing"));
}

TEST(ConfigTest, AMistakeNeverShowsTheValue) {
  const absl::StatusOr<Config> config = Parse({"--pg=x", "--threads=sk-secret"});

  EXPECT_THAT(Message(config.status()), testing::Not(HasSubstr("sk-secret")));
}

TEST(ConfigTest, TheTableListsEverySetting) {
  EXPECT_THAT(SettingsTable(kSettings),
              AllOf(HasSubstr("| `--lease-ttl` | `180s` | How long a lease lives. |"),
                    HasSubstr("| `--pg` | required | Postgres connection string. |")));
}

}  // namespace
}  // namespace latchkey
