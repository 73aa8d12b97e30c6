#include "services/orchestrator/domain/call_log.h"

#include <utility>

#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr size_t kBatchMax = 1000;  // The proto's bound of a batch.
constexpr int kPage = 500;
// Two hours of quick turns have some thousand events; beyond this, something reports in a loop.
constexpr size_t kTranscriptEventsMax = 50'000;
constexpr size_t kPieceBytes = 32 * 1024;

constexpr absl::Duration kPoll = absl::Milliseconds(100);
constexpr absl::Duration kWatchMax = absl::Minutes(5);
// The recording is told some moments after the end.
constexpr absl::Duration kQuietAfterEnd = absl::Seconds(2);

}  // namespace

CallWatch::CallWatch(CallEventStore& events, Clock& clock, TenantId tenant, CallId call,
                     int64_t position)
    : events_(events),
      clock_(clock),
      tenant_(std::move(tenant)),
      call_(std::move(call)),
      position_(position),
      over_(clock.Now() + kWatchMax) {}

Task<absl::StatusOr<std::vector<StoredEvent>>> CallWatch::Next() {
  while (true) {
    absl::StatusOr<EventPage> page = co_await events_.Read(tenant_, call_, position_, kPage);
    if (!page.ok()) co_return page.status();
    if (!page->events.empty()) {
      position_ = page->events.back().position;
      quiet_since_ = absl::InfiniteFuture();
      co_return std::move(page->events);
    }
    const absl::Time now = clock_.Now();
    if (page->ended) quiet_since_ = std::min(quiet_since_, now);
    if (now >= over_ || now - quiet_since_ >= kQuietAfterEnd) co_return std::move(page->events);
    co_await clock_.Sleep(kPoll);
  }
}

CallLog::CallLog(CallEventStore& events, Recordings& recordings, Clock& clock)
    : events_(events), recordings_(recordings), clock_(clock) {}

Task<absl::Status> CallLog::Append(const std::string& source,
                                   const std::vector<CallEvent>& events) {
  if (events.size() > kBatchMax) co_return Malformed("A batch has at most 1000 events.");
  for (const CallEvent& event : events) {
    if (absl::Status valid = Validate(event); !valid.ok()) co_return valid;
  }
  if (events.empty()) co_return absl::OkStatus();
  co_return co_await events_.Append(source, events);
}

Task<absl::StatusOr<Transcript>> CallLog::GetTranscript(const TenantId& tenant,
                                                        const CallId& call) {
  std::vector<StoredEvent> events;
  while (events.size() < kTranscriptEventsMax) {
    const int64_t position = events.empty() ? 0 : events.back().position;
    absl::StatusOr<EventPage> page = co_await events_.Read(tenant, call, position, kPage);
    if (!page.ok()) co_return page.status();
    if (page->events.empty()) break;
    for (StoredEvent& event : page->events) events.push_back(std::move(event));
  }
  co_return MakeTranscript(events);
}

CallWatch CallLog::Watch(const TenantId& tenant, const CallId& call, int64_t position) {
  return CallWatch(events_, clock_, tenant, call, position);
}

Task<absl::StatusOr<std::string>> CallLog::FindRecording(const TenantId& tenant,
                                                         const CallId& call) {
  absl::StatusOr<Transcript> transcript = co_await GetTranscript(tenant, call);
  if (!transcript.ok()) co_return transcript.status();
  if (!transcript->recording.has_value()) co_return RecordingNotFound();
  co_return transcript->recording->file;
}

absl::StatusOr<std::string> CallLog::ReadRecording(const std::string& file, int64_t offset) {
  return recordings_.Read(file, offset, kPieceBytes);
}

}  // namespace latchkey::orchestrator
