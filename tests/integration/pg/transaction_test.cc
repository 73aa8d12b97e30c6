#include "lib/pg/transaction.h"

#include "tests/integration/pg/pg_test.h"

namespace latchkey::pg {
namespace {

class TransactionTest : public PgTest {
 protected:
  TransactionTest() {
    PoolOptions options = Options();
    options.connections_max = 2;
    MakePool(options);
  }
};

enum class End { kCommit, kDrop };

Task<absl::Status> InsertTwo(Pool& pool, std::string first, std::string second, End end) {
  absl::StatusOr<Transaction> begun = co_await pool.Begin();
  if (!begun.ok()) co_return begun.status();
  Transaction transaction = *std::move(begun);
  absl::StatusOr<Rows> one = co_await transaction.Query(kInsert, Params(first, 1));
  if (!one.ok()) co_return one.status();
  absl::StatusOr<Rows> two = co_await transaction.Query(kInsert, Params(second, 2));
  if (!two.ok()) co_return two.status();
  if (end == End::kDrop) co_return absl::OkStatus();
  co_return co_await transaction.Commit();
}

// Two transactions that update the same two rows in opposite order.
Task<absl::Status> LockTwo(Pool& pool, std::string first, std::string second) {
  constexpr Statement kAdd{"sample_add", "UPDATE samples SET amount = amount + 1 WHERE id = $1"};
  constexpr Statement kPause{"sample_pause", "SELECT pg_sleep(0.05)"};
  absl::StatusOr<Transaction> begun = co_await pool.Begin();
  if (!begun.ok()) co_return begun.status();
  absl::StatusOr<Rows> one = co_await begun->Query(kAdd, Params(first));
  if (!one.ok()) co_return one.status();
  absl::StatusOr<Rows> pause = co_await begun->Query(kPause, Params());
  if (!pause.ok()) co_return pause.status();
  absl::StatusOr<Rows> two = co_await begun->Query(kAdd, Params(second));
  if (!two.ok()) co_return two.status();
  co_return co_await begun->Commit();
}

Task<void> KeepLockTwo(Pool& pool, std::string first, std::string second,
                       std::vector<absl::Status>& ends) {
  absl::Status end = co_await LockTwo(pool, first, second);
  ends.push_back(std::move(end));
}

Task<void> LockCrosswise(Pool& pool, std::vector<absl::Status>& ends) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Group group(executor);
  group.Spawn("one", KeepLockTwo(pool, "a", "b", ends));
  group.Spawn("two", KeepLockTwo(pool, "b", "a", ends));
  co_await group.Join();
}

Task<absl::Status> CommitAfterError(Pool& pool) {
  absl::StatusOr<Transaction> begun = co_await pool.Begin();
  if (!begun.ok()) co_return begun.status();
  absl::StatusOr<Rows> one = co_await begun->Query(kInsert, Params("a", 1));
  absl::StatusOr<Rows> again = co_await begun->Query(kInsert, Params("a", 1));
  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAlreadyExists));
  co_return co_await begun->Commit();
}

TEST_F(TransactionTest, KeepsEverythingThatIsCommitted) {
  EXPECT_THAT(Await(io_, InsertTwo(*pool_, "a", "b", End::kCommit)), IsOk());

  EXPECT_EQ(Count(), 2);
}

TEST_F(TransactionTest, KeepsNothingWhenItIsDroppedAndUsesTheConnectionAgain) {
  const int64_t before = Backend();

  EXPECT_THAT(Await(io_, InsertTwo(*pool_, "a", "b", End::kDrop)), IsOk());
  io_.restart();
  io_.run();  // The rollback.

  EXPECT_EQ(Count(), 0);
  EXPECT_EQ(Backend(), before);
  EXPECT_EQ(pool_->size(), 1U);
}

TEST_F(TransactionTest, KeepsNothingWhenAStatementFails) {
  EXPECT_THAT(Await(io_, InsertTwo(*pool_, "a", "a", End::kCommit)),
              StatusIs(absl::StatusCode::kAlreadyExists, "unique_violation"));

  EXPECT_EQ(Count(), 0);
}

TEST_F(TransactionTest, NeverCallsARollbackACommit) {
  EXPECT_THAT(Await(io_, CommitAfterError(*pool_)),
              StatusIs(absl::StatusCode::kAborted, "transaction_aborted"));

  EXPECT_EQ(Count(), 0);
}

TEST_F(TransactionTest, TellsTheLoserOfADeadlockToTryAgain) {
  ASSERT_THAT(Await(io_, InsertTwo(*pool_, "a", "b", End::kCommit)), IsOk());
  std::vector<absl::Status> ends;

  Await(io_, LockCrosswise(*pool_, ends));

  ASSERT_EQ(ends.size(), 2U);
  EXPECT_THAT(ends[0], StatusIs(absl::StatusCode::kAborted, "transaction_aborted"));
  EXPECT_THAT(ends[1], IsOk());
}

TEST_F(TransactionTest, SurvivesTheLossOfItsConnection) {
  constexpr Statement kSuicide{"suicide", "SELECT pg_terminate_backend(pg_backend_pid())"};
  absl::StatusOr<Transaction> begun = Await(io_, pool_->Begin());
  ASSERT_THAT(begun, IsOk());
  ASSERT_THAT(Await(io_, begun->Query(kInsert, Params("a", 1))), IsOk());

  EXPECT_THAT(Await(io_, begun->Query(kSuicide, Params())),
              StatusIs(absl::StatusCode::kUnavailable, "postgres_unavailable"));
  EXPECT_THAT(Await(io_, begun->Commit()),
              StatusIs(absl::StatusCode::kUnavailable, "postgres_unavailable"));
  EXPECT_EQ(Count(), 0);
}

}  // namespace
}  // namespace latchkey::pg
