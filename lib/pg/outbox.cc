#include "lib/pg/outbox.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/log.h"

namespace latchkey::pg {

namespace asio = boost::asio;

namespace {

constexpr Statement kPut{"outbox_put",
                         "INSERT INTO outbox (topic, key, payload) VALUES ($1, $2, $3)"
                         "  ON CONFLICT (topic, key) DO NOTHING"};
// A claim is a date: who dies with it need not give it back.
constexpr Statement kClaim{
    "outbox_claim",
    "UPDATE outbox SET attempts = attempts + 1,"
    "    next_attempt_time = now() + $2::bigint * interval '1 millisecond'"
    "  WHERE message_id IN ("
    "    SELECT message_id FROM outbox WHERE next_attempt_time <= now()"
    "      ORDER BY next_attempt_time, message_id LIMIT $1 FOR UPDATE SKIP LOCKED)"
    "  RETURNING message_id, topic, key, payload, attempts"};
constexpr Statement kDelete{"outbox_delete", "DELETE FROM outbox WHERE message_id = $1"};
// Not if somebody else has claimed it since.
constexpr Statement kPostpone{
    "outbox_postpone",
    "UPDATE outbox SET next_attempt_time = now() + $3::bigint * interval '1 millisecond',"
    "    last_error = $4"
    "  WHERE message_id = $1 AND attempts = $2"};

OutboxMessage ReadMessage(const Row& row) {
  return {row.Int(0), row.Text(1), row.Text(2), row.Bytes(3), row.Int(4)};
}

}  // namespace

Task<absl::Status> PutInOutbox(Transaction& transaction, std::string_view topic,
                               std::string_view key, std::string_view payload) {
  absl::StatusOr<Rows> rows = co_await transaction.Query(kPut, Params(topic, key, Bytes(payload)));
  co_return rows.status();
}

OutboxRelay::OutboxRelay(Executor executor, Pool& pool, OutboxReceiver& receiver,
                         OutboxOptions options)
    : pool_(pool), receiver_(receiver), options_(options), bell_(executor), group_(executor) {}

OutboxRelay::~OutboxRelay() = default;

void OutboxRelay::Start() { group_.Spawn("relay outbox", Run()); }

void OutboxRelay::Wake() {
  rung_ = true;
  bell_.cancel();
}

Task<void> OutboxRelay::Stop() {
  group_.Cancel();
  co_await group_.Join();
}

Task<void> OutboxRelay::Run() {
  while (true) {
    rung_ = false;
    absl::StatusOr<std::vector<OutboxMessage>> claimed =
        co_await Claim(options_.batch_max - in_flight_);
    if (absl::IsCancelled(claimed.status())) co_return;
    if (!claimed.ok()) {
      log::Warn("outbox out of reach", {{"error", claimed.status()}});
    } else {
      for (OutboxMessage& message : *claimed) {
        ++in_flight_;
        group_.Spawn("deliver message", DeliverOne(std::move(message)));
      }
    }
    if (rung_) continue;
    bell_.expires_after(absl::ToChronoMilliseconds(options_.poll));
    boost::system::error_code rung;
    co_await bell_.async_wait(asio::redirect_error(asio::use_awaitable, rung));
  }
}

Task<absl::StatusOr<std::vector<OutboxMessage>>> OutboxRelay::Claim(int64_t count_max) {
  std::vector<OutboxMessage> messages;
  if (count_max <= 0) co_return messages;
  const int64_t claim_ms = absl::ToInt64Milliseconds(2 * options_.deliver_timeout);
  absl::StatusOr<Rows> rows = co_await pool_.Query(kClaim, Params(count_max, claim_ms));
  if (!rows.ok()) co_return rows.status();
  for (const Row row : *rows) messages.push_back(ReadMessage(row));
  co_return messages;
}

Task<void> OutboxRelay::DeliverOne(OutboxMessage message) {
  absl::Status delivered =
      co_await WithDeadline(receiver_.Deliver(message), options_.deliver_timeout);
  if (delivered.ok()) {
    // If this fails, the message is delivered once more, and the receiver knows its key.
    absl::StatusOr<Rows> deleted = co_await pool_.Query(kDelete, Params(message.message_id));
    if (!deleted.ok()) log::Warn("message not deleted", {{"error", deleted.status()}});
  } else {
    log::Warn("message not delivered", {{"topic", message.topic},
                                        {"key", message.key},
                                        {"attempts", message.attempts},
                                        {"error", delivered}});
    // By Stop() cancelled, it ends here, and the claim runs out.
    const int64_t wait_ms = absl::ToInt64Milliseconds(Backoff(message.attempts));
    absl::StatusOr<Rows> postponed = co_await pool_.Query(
        kPostpone, Params(message.message_id, message.attempts, wait_ms, Reason(delivered)));
    if (!postponed.ok()) log::Warn("message not postponed", {{"error", postponed.status()}});
  }
  const bool was_full = in_flight_ == options_.batch_max;
  --in_flight_;
  if (was_full) Wake();
}

absl::Duration OutboxRelay::Backoff(int64_t attempts) const {
  const int64_t doublings = std::min<int64_t>(attempts - 1, 16);
  return std::min(options_.backoff_max, options_.backoff_min * (int64_t{1} << doublings));
}

}  // namespace latchkey::pg
