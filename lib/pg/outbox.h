// Outbox: messages to other services that are written with the facts that cause them, and then
// delivered until the receiver has taken them.
//
// Delivery is at least once; the receiver makes it exactly once by the message's key. The table is
// made by the service's own migration, from this text:
//
//   CREATE TABLE outbox (
//     message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
//     topic text NOT NULL,
//     key text NOT NULL,
//     payload bytea NOT NULL,
//     attempts integer NOT NULL DEFAULT 0,
//     next_attempt_time timestamptz NOT NULL DEFAULT now(),
//     last_error text NOT NULL DEFAULT '',
//     create_time timestamptz NOT NULL DEFAULT now(),
//     UNIQUE (topic, key)
//   );
//   CREATE INDEX outbox_due ON outbox (next_attempt_time);
//   GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO <service>;
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/pg/pool.h"

namespace latchkey::pg {

struct OutboxMessage {
  int64_t message_id = 0;
  std::string topic;     // "billing.record_usage"
  std::string key;       // The receiver's idempotency key, such as the call's id.
  std::string payload;   // A serialized request.
  int64_t attempts = 0;  // This one included.
};

// Writes a message in the caller's transaction. The same topic and key again changes nothing.
Task<absl::Status> PutInOutbox(Transaction& transaction, std::string_view topic,
                               std::string_view key, std::string_view payload);

// Delivers one message; OK means that the receiver has committed it. Calls run side by side.
class OutboxReceiver {
 public:
  virtual ~OutboxReceiver() = default;
  virtual Task<absl::Status> Deliver(const OutboxMessage& message) = 0;
};

struct OutboxOptions {
  int64_t batch_max = 16;                         // Messages in flight at once.
  absl::Duration poll = absl::Milliseconds(500);  // Between looks when nobody woke it.
  absl::Duration deliver_timeout = absl::Seconds(5);
  absl::Duration backoff_min = absl::Milliseconds(250);  // After the first failure, then doubled.
  absl::Duration backoff_max = absl::Seconds(30);        // A message is never given up.
};

// Takes messages out of a service's outbox, each as soon as there is room for it. Several replicas
// may run one each: a claimed message is invisible to the others for twice the delivery time-out,
// and comes back if its claimer dies. Lives on the pool's io thread.
class OutboxRelay {
 public:
  // `pool` and `receiver` outlive it.
  OutboxRelay(Executor executor, Pool& pool, OutboxReceiver& receiver, OutboxOptions options);
  ~OutboxRelay();  // Await Stop() first.

  void Start();
  // Looks at once: called after a commit that wrote a message.
  void Wake();
  // Cancels the deliveries in flight (they are repeated by the next relay) and returns when all is
  // quiet.
  Task<void> Stop();

 private:
  Task<void> Run();
  Task<absl::StatusOr<std::vector<OutboxMessage>>> Claim(int64_t count_max);
  Task<void> DeliverOne(OutboxMessage message);
  absl::Duration Backoff(int64_t attempts) const;

  Pool& pool_;
  OutboxReceiver& receiver_;
  OutboxOptions options_;
  boost::asio::steady_timer bell_;  // Runs out after a poll's time, or is rung by cancelling it.
  bool rung_ = false;
  int64_t in_flight_ = 0;
  Group group_;
};

}  // namespace latchkey::pg
