#include "lib/pg/pool.h"

#include <vector>

#include "lib/base/deadline.h"
#include "tests/integration/pg/pg_test.h"

namespace latchkey::pg {
namespace {

class PoolTest : public PgTest {
 protected:
  PoolTest() { MakePool(Options()); }
};

Task<void> Keep(Pool& pool, const Statement& statement, Params params,
                std::vector<absl::StatusOr<Rows>>& answers) {
  absl::StatusOr<Rows> rows = co_await pool.Query(statement, std::move(params));
  answers.push_back(std::move(rows));
}

// Runs `count` naps of `nap_ms` at once.
Task<void> NapTogether(Pool& pool, int count, int nap_ms,
                       std::vector<absl::StatusOr<Rows>>& answers) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Group group(executor);
  for (int i = 0; i < count; ++i) {
    group.Spawn("nap", Keep(pool, kNap, Params(nap_ms), answers));
  }
  co_await group.Join();
}

TEST_F(PoolTest, GivesBackEveryKindOfValue) {
  constexpr Statement kPut{"put_all", "INSERT INTO samples VALUES ($1, $2, $3, $4, $5, $6)"};
  constexpr Statement kGet{"get_all", "SELECT * FROM samples WHERE id = $1"};
  const absl::Time made = absl::FromUnixMicros(1'790'000'000'123'456);
  const std::string body("\0\xff'\\x", 5);
  const std::vector<std::string> tags = {"a", "", "q\"u\\o,te", "{}", "NULL"};

  ASSERT_THAT(Await(io_, pool_->Query(kPut, Params("tëst", int64_t{1} << 60, true, Bytes(body),
                                                   made, tags))),
              IsOk());
  absl::StatusOr<Rows> rows = Await(io_, pool_->Query(kGet, Params("tëst")));

  ASSERT_THAT(rows, IsOk());
  const Row row = rows->front();
  EXPECT_EQ(row.Text(0), "tëst");
  EXPECT_EQ(row.Int(1), int64_t{1} << 60);
  EXPECT_TRUE(row.Bool(2));
  EXPECT_EQ(row.Bytes(3), body);
  EXPECT_EQ(row.Time(4), made);
  EXPECT_EQ(row.Texts(5), tags);
}

TEST_F(PoolTest, GivesBackNulls) {
  constexpr Statement kGet{"get_nulls", "SELECT $1::text, $2::bigint, $3::bytea, $4::timestamptz"};
  const std::optional<std::string> none;

  absl::StatusOr<Rows> rows = Await(
      io_, pool_->Query(kGet, Params(none, std::nullopt, std::nullopt, absl::InfiniteFuture())));

  ASSERT_THAT(rows, IsOk());
  EXPECT_EQ(rows->front().OptionalText(0), std::nullopt);
  EXPECT_EQ(rows->front().OptionalInt(1), std::nullopt);
  EXPECT_EQ(rows->front().OptionalBytes(2), std::nullopt);
  EXPECT_EQ(rows->front().OptionalTime(3), absl::InfiniteFuture());
}

TEST_F(PoolTest, MapsViolationsToErrorsThatNameTheConstraint) {
  ASSERT_THAT(Await(io_, pool_->Query(kInsert, Params("one", 1))), IsOk());

  const absl::StatusOr<Rows> again = Await(io_, pool_->Query(kInsert, Params("one", 2)));
  const absl::StatusOr<Rows> negative = Await(io_, pool_->Query(kInsert, Params("two", -1)));

  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAlreadyExists, "unique_violation"));
  EXPECT_EQ(Metadata(again.status())["constraint"], "samples_pkey");
  EXPECT_THAT(negative, StatusIs(absl::StatusCode::kInvalidArgument, "check_violation"));
  EXPECT_EQ(Count(), 1);
}

TEST_F(PoolTest, RefusesTextThatPostgresCannotKeep) {
  const std::string nul("a\0b", 3);

  EXPECT_THAT(Await(io_, pool_->Query(kInsert, Params(nul, 1))),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_text"));
  EXPECT_THAT(Await(io_, pool_->Query(kInsert, Params("\xff\xfe", 1))),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_text"));
}

TEST_F(PoolTest, CallsABrokenStatementOurBug) {
  constexpr Statement kBroken{"broken", "SELECT nothing FROM nowhere"};

  EXPECT_THAT(Await(io_, pool_->Query(kBroken, Params())),
              StatusIs(absl::StatusCode::kInternal, "postgres_error"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(PoolTest, PreparesAStatementOncePerConnection) {
  constexpr Statement kPrepared{"sample_prepared",
                                "SELECT count(*) FROM pg_prepared_statements WHERE name = $1"};
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Count(), 0);

  absl::StatusOr<Rows> rows = Await(io_, pool_->Query(kPrepared, Params("sample_count")));

  ASSERT_THAT(rows, IsOk());
  EXPECT_EQ(rows->front().Int(0), 1);
  EXPECT_EQ(pool_->size(), 1U);
}

TEST_F(PoolTest, NeverHasMoreConnectionsThanItsBoundAndServesEverybody) {
  PoolOptions options = Options();
  options.connections_max = 2;
  MakePool(options);
  std::vector<absl::StatusOr<Rows>> answers;

  Await(io_, NapTogether(*pool_, 10, 5, answers));

  std::set<int64_t> backends;
  for (const auto& answer : answers) {
    ASSERT_THAT(answer, IsOk());
    backends.insert(answer->front().Int(1));
  }
  EXPECT_EQ(answers.size(), 10U);
  EXPECT_EQ(backends.size(), 2U);
  EXPECT_EQ(pool_->size(), 2U);
}

TEST_F(PoolTest, AnswersBusyWhenNoConnectionComesFreeInTime) {
  PoolOptions options = Options();
  options.connections_max = 1;
  options.acquire_timeout = absl::Milliseconds(20);
  MakePool(options);
  std::vector<absl::StatusOr<Rows>> answers;

  Await(io_, NapTogether(*pool_, 2, 400, answers));

  ASSERT_EQ(answers.size(), 2U);
  EXPECT_THAT(answers[0], StatusIs(absl::StatusCode::kUnavailable, "postgres_busy"));
  EXPECT_THAT(answers[1], IsOk());
}

TEST_F(PoolTest, RefusesAtOnceBeyondItsBoundOfWaiters) {
  PoolOptions options = Options();
  options.connections_max = 1;
  options.waiters_max = 1;
  MakePool(options);
  std::vector<absl::StatusOr<Rows>> answers;

  Await(io_, NapTogether(*pool_, 3, 50, answers));

  ASSERT_EQ(answers.size(), 3U);
  EXPECT_THAT(answers[0], StatusIs(absl::StatusCode::kUnavailable, "postgres_busy"));
  EXPECT_THAT(answers[1], IsOk());
  EXPECT_THAT(answers[2], IsOk());
}

TEST_F(PoolTest, EndsAStatementThatTakesTooLong) {
  PoolOptions options = Options();
  options.statement_timeout = absl::Milliseconds(50);
  MakePool(options);

  EXPECT_THAT(Await(io_, pool_->Query(kNap, Params(10'000))),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "postgres_timeout"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(PoolTest, DropsAConnectionWhoseStatementWasCancelled) {
  const int64_t before = Backend();

  const absl::StatusOr<Rows> nap =
      Await(io_, WithDeadline(pool_->Query(kNap, Params(3'000)), absl::Milliseconds(20)));

  EXPECT_THAT(nap, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_NE(Backend(), before);
  EXPECT_EQ(pool_->size(), 1U);
}

TEST_F(PoolTest, ReplacesAnIdleConnectionThatTheServerClosed) {
  const int64_t before = Backend();

  CutConnections();

  EXPECT_NE(Backend(), before);
  EXPECT_EQ(pool_->size(), 1U);
}

TEST_F(PoolTest, SaysUnavailableWhenTheConnectionIsCutInTheMiddle) {
  constexpr Statement kSuicide{"suicide", "SELECT pg_terminate_backend(pg_backend_pid())"};

  EXPECT_THAT(Await(io_, pool_->Query(kSuicide, Params())),
              StatusIs(absl::StatusCode::kUnavailable, "postgres_unavailable"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(PoolTest, ComesBackAfterTheServerWasKilled) {
  if (!cluster_.restartable()) GTEST_SKIP() << "the cluster is not ours to stop";
  ASSERT_THAT(Await(io_, pool_->Query(kInsert, Params("kept", 1))), IsOk());
  PoolOptions impatient = Options();
  impatient.acquire_timeout = absl::Milliseconds(100);
  Pool other(io_.get_executor(), impatient);

  cluster_.Kill();
  const absl::Status away = Await(io_, other.Ping());
  cluster_.Start();

  EXPECT_THAT(away, StatusIs(absl::StatusCode::kUnavailable, "postgres_unavailable"));
  EXPECT_THAT(Await(io_, pool_->Ping()), IsOk());
  EXPECT_EQ(Count(), 1);
}

TEST_F(PoolTest, WaitsForAServerThatRestarts) {
  if (!cluster_.restartable()) GTEST_SKIP() << "the cluster is not ours to stop";
  ASSERT_EQ(Count(), 0);
  cluster_.Stop();
  std::vector<absl::StatusOr<Rows>> answers;
  Spawn(io_.get_executor(), "count", Keep(*pool_, kCount, Params(), answers));
  io_.restart();
  io_.poll();

  cluster_.Start();
  while (answers.empty() && io_.run_one() > 0) {
  }

  ASSERT_EQ(answers.size(), 1U);
  EXPECT_THAT(answers[0], IsOk());
}

}  // namespace
}  // namespace latchkey::pg
