#include "lib/pg/migrate.h"

#include "tests/integration/pg/pg_test.h"

namespace latchkey::pg {
namespace {

class MigrateTest : public PgTest {
 protected:
  absl::StatusOr<int> Apply(std::span<const Migration> migrations) {
    return Await(io_, Migrate(io_.get_executor(), {database_.owner, "sample"}, migrations));
  }
};

TEST_F(MigrateTest, DoesNothingTheSecondTime) {
  EXPECT_THAT(Apply(kSampleMigrations), IsOkAndHolds(0));
}

TEST_F(MigrateTest, AppliesOnlyWhatIsNew) {
  const Migration grown[] = {kSampleMigrations[0],
                             kSampleMigrations[1],
                             {3, "0003_colour.sql", "ALTER TABLE samples ADD colour text"}};

  EXPECT_THAT(Apply(grown), IsOkAndHolds(1));
  EXPECT_EQ(cluster_.Run(database_.owner, "SELECT max(version) FROM sample.schema_migrations"),
            "3");
}

TEST_F(MigrateTest, KeepsNothingOfAMigrationThatFails) {
  const Migration broken[] = {
      kSampleMigrations[0],
      kSampleMigrations[1],
      {3, "0003_broken.sql", "CREATE TABLE half (id text); CREATE TABLE half (id text)"}};

  EXPECT_THAT(Apply(broken), StatusIs(absl::StatusCode::kInternal, "postgres_error"));
  EXPECT_EQ(cluster_.Run(database_.owner, "SELECT to_regclass('sample.half') IS NULL"), "t");
  EXPECT_THAT(Apply(kSampleMigrations), IsOkAndHolds(0));
}

TEST_F(MigrateTest, RefusesAnEditedMigration) {
  const Migration edited[] = {{1, "0001_samples.sql", "CREATE TABLE samples (id bigint)"},
                              kSampleMigrations[1]};

  EXPECT_THAT(Apply(edited), StatusIs(absl::StatusCode::kFailedPrecondition, "migration_changed"));
}

TEST_F(MigrateTest, RefusesADatabaseOfAYoungerRelease) {
  EXPECT_THAT(Apply(std::span(kSampleMigrations).first(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "schema_too_new"));
}

TEST_F(MigrateTest, LetsTheServiceUseItsTablesAndNotChangeThem) {
  constexpr Statement kDrop{"drop", "DROP TABLE samples"};
  MakePool(Options());

  EXPECT_EQ(Count(), 0);
  const absl::StatusOr<Rows> dropped = Await(io_, pool_->Query(kDrop, Params()));

  EXPECT_THAT(dropped, StatusIs(absl::StatusCode::kInternal, "postgres_error"));
  EXPECT_EQ(Metadata(dropped.status())["sqlstate"], "42501");  // insufficient_privilege
}

Task<void> KeepMigrate(boost::asio::io_context& io, std::string conninfo,
                       std::vector<absl::StatusOr<int>>& applied) {
  MigrateOptions options{conninfo, "sample"};
  absl::StatusOr<int> count =
      co_await Migrate(io.get_executor(), std::move(options), kSampleMigrations);
  applied.push_back(std::move(count));
}

TEST_F(MigrateTest, LetsSeveralWaitForEachOther) {
  const TestDatabase empty = cluster_.MakeDatabase("sample");
  std::vector<absl::StatusOr<int>> applied;

  for (int i = 0; i < 3; ++i) {
    Spawn(io_.get_executor(), "migrate", KeepMigrate(io_, empty.owner, applied));
  }
  io_.restart();
  io_.run();

  ASSERT_EQ(applied.size(), 3U);
  EXPECT_THAT(applied[0], IsOkAndHolds(2));
  EXPECT_THAT(applied[1], IsOkAndHolds(0));
  EXPECT_THAT(applied[2], IsOkAndHolds(0));
}

}  // namespace
}  // namespace latchkey::pg
