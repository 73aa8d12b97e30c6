#include "lib/pg/outbox.h"

#include <map>

#include "lib/base/error.h"
#include "tests/integration/pg/pg_test.h"

namespace latchkey::pg {
namespace {

// Remembers what it was given; refuses each message as often as it is told.
class FakeReceiver final : public OutboxReceiver {
 public:
  Task<absl::Status> Deliver(const OutboxMessage& message) override {
    deliveries.push_back(message);
    const int64_t seen = ++attempts[message.key];
    if (seen > refusals) co_return absl::OkStatus();
    co_return Error(absl::StatusCode::kUnavailable, "receiver_away", "Try again.");
  }

  std::vector<OutboxMessage> deliveries;
  std::map<std::string, int64_t> attempts;
  int64_t refusals = 0;
};

class OutboxTest : public PgTest {
 protected:
  OutboxTest() {
    MakePool(Options());
    options_.poll = absl::Milliseconds(5);
    options_.backoff_min = absl::Milliseconds(1);
    options_.backoff_max = absl::Milliseconds(4);
  }

  // Runs `relays` until the outbox is empty, then stops them.
  void RunUntilEmpty(std::vector<OutboxRelay*> relays) {
    for (OutboxRelay* relay : relays) relay->Start();
    io_.restart();
    while (Left() > 0) io_.run_one();
    for (OutboxRelay* relay : relays) Await(io_, relay->Stop());
  }

  int Left() {
    return std::stoi(cluster_.Run(database_.superuser, "SELECT count(*) FROM sample.outbox"));
  }

  FakeReceiver receiver_;
  OutboxOptions options_;
};

Task<absl::Status> PutOne(Pool& pool, std::string key, bool commit) {
  absl::StatusOr<Transaction> begun = co_await pool.Begin();
  if (!begun.ok()) co_return begun.status();
  absl::Status put = co_await PutInOutbox(*begun, "sample.topic", key, "payload of " + key);
  if (!put.ok() || !commit) co_return put;
  co_return co_await begun->Commit();
}

TEST_F(OutboxTest, DeliversACommittedMessageOnce) {
  ASSERT_THAT(Await(io_, PutOne(*pool_, "call_1", true)), IsOk());
  ASSERT_THAT(Await(io_, PutOne(*pool_, "call_1", true)), IsOk());
  OutboxRelay relay(io_.get_executor(), *pool_, receiver_, options_);

  RunUntilEmpty({&relay});

  ASSERT_EQ(receiver_.deliveries.size(), 1U);
  EXPECT_EQ(receiver_.deliveries[0].topic, "sample.topic");
  EXPECT_EQ(receiver_.deliveries[0].key, "call_1");
  EXPECT_EQ(receiver_.deliveries[0].payload, "payload of call_1");
  EXPECT_EQ(receiver_.deliveries[0].attempts, 1);
}

TEST_F(OutboxTest, DeliversNothingOfAnAbandonedTransaction) {
  ASSERT_THAT(Await(io_, PutOne(*pool_, "call_1", false)), IsOk());
  ASSERT_THAT(Await(io_, PutOne(*pool_, "call_2", true)), IsOk());
  OutboxRelay relay(io_.get_executor(), *pool_, receiver_, options_);

  RunUntilEmpty({&relay});

  ASSERT_EQ(receiver_.deliveries.size(), 1U);
  EXPECT_EQ(receiver_.deliveries[0].key, "call_2");
}

TEST_F(OutboxTest, TriesAgainUntilTheReceiverTakesIt) {
  receiver_.refusals = 3;
  ASSERT_THAT(Await(io_, PutOne(*pool_, "call_1", true)), IsOk());
  OutboxRelay relay(io_.get_executor(), *pool_, receiver_, options_);

  RunUntilEmpty({&relay});

  ASSERT_EQ(receiver_.deliveries.size(), 4U);
  EXPECT_EQ(receiver_.deliveries[3].attempts, 4);
}

TEST_F(OutboxTest, GivesEachMessageToOneOfTwoRelays) {
  for (int i = 0; i < 40; ++i) {
    ASSERT_THAT(Await(io_, PutOne(*pool_, "call_" + std::to_string(i), true)), IsOk());
  }
  OutboxRelay one(io_.get_executor(), *pool_, receiver_, options_);
  OutboxRelay two(io_.get_executor(), *pool_, receiver_, options_);

  RunUntilEmpty({&one, &two});

  EXPECT_EQ(receiver_.deliveries.size(), 40U);
  EXPECT_EQ(receiver_.attempts.size(), 40U);
}

TEST_F(OutboxTest, LooksAtOnceWhenItIsWoken) {
  options_.poll = absl::Hours(1);
  OutboxRelay relay(io_.get_executor(), *pool_, receiver_, options_);
  relay.Start();
  ASSERT_THAT(Await(io_, PutOne(*pool_, "call_1", true)), IsOk());

  relay.Wake();
  io_.restart();
  while (receiver_.deliveries.empty()) io_.run_one();
  Await(io_, relay.Stop());

  EXPECT_EQ(receiver_.deliveries.size(), 1U);
}

}  // namespace
}  // namespace latchkey::pg
