#include "services/media/adapters/call_event_log.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "services/media/adapters/call_metrics.h"
#include "services/media/adapters/convert.h"

namespace latchkey::media {
namespace {

namespace pb = orchestrator::v1;

constexpr absl::Duration kPeriod = absl::Milliseconds(200);
constexpr absl::Duration kDeadline = absl::Seconds(5);
// Requests are limited to 64 KiB; an event has a few hundred bytes, a long utterance some KiB.
constexpr size_t kBatchBytes = 40 * 1024;
constexpr int kBatchMax = 1000;
constexpr size_t kWaitingMax = 100'000;

}  // namespace

CallEventLog::CallEventLog(Executor executor, rpc::Client<pb::Orchestrator>& client)
    : executor_(std::move(executor)), client_(client) {}

void CallEventLog::Post(pb::CallEvent event) {
  boost::asio::post(executor_, [this, event = std::move(event)]() mutable {
    if (waiting_.size() == kWaitingMax) waiting_.pop_front();
    waiting_.push_back(std::move(event));
  });
}

Task<void> CallEventLog::Run() {
  SystemClock clock;
  while (true) {
    co_await clock.Sleep(kPeriod);
    while (!waiting_.empty()) {
      const bool sent = co_await SendBatch();
      if (!sent) break;
    }
  }
}

Task<void> CallEventLog::Flush() {
  while (!waiting_.empty()) {
    const bool sent = co_await SendBatch();
    if (!sent) break;
  }
}

Task<bool> CallEventLog::SendBatch() {
  pb::AppendCallEventsRequest request;
  size_t bytes = 0;
  size_t count = 0;
  for (const pb::CallEvent& event : waiting_) {
    bytes += event.ByteSizeLong();
    if (request.events_size() > 0 && (bytes > kBatchBytes || request.events_size() == kBatchMax)) {
      break;
    }
    *request.add_events() = event;
    ++count;
  }
  const rpc::CallOptions options(kDeadline);
  absl::StatusOr<pb::AppendCallEventsResponse> response = co_await rpc::Call(
      client_, &pb::Orchestrator::Stub::PrepareAsyncAppendCallEvents, request, options);
  // A batch that can never be kept must not hold up the others.
  const bool refused = absl::IsInvalidArgument(response.status());
  // Said once, not every 200 ms.
  if (!response.ok() && kept_) {
    log::Warn("call events not kept", {{"status", response.status()}, {"events", count}});
  }
  kept_ = response.ok();
  if (!response.ok() && !refused) co_return false;
  // Only this coroutine takes from the front, but for the limit's sake: never more than there is.
  const size_t gone = std::min(count, waiting_.size());
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(gone));
  co_return true;
}

CallEventSource::CallEventSource(CallEventLog& log, std::string call_id, std::string tenant_id,
                                 Direction direction, int64_t first)
    : log_(log),
      call_id_(std::move(call_id)),
      tenant_id_(std::move(tenant_id)),
      direction_(direction),
      next_(first) {}

void CallEventSource::Append(absl::Time when, CallEvent event) {
  Observe(event);
  pb::CallEvent message;
  message.set_call_id(call_id_);
  message.set_tenant_id(tenant_id_);
  message.set_sequence(next_++);
  FillEvent(when, event, direction_, message);
  log_.Post(std::move(message));
}

}  // namespace latchkey::media
