// CallLog: keeps what happened in calls, and reads it back as a transcript, a stream or a
// recording.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/ports.h"
#include "services/orchestrator/domain/transcript.h"

namespace latchkey::orchestrator {

// The events of one call as they come. Made by CallLog::Watch; one coroutine reads it.
class CallWatch {
 public:
  CallWatch(CallEventStore& events, Clock& clock, TenantId tenant, CallId call, int64_t position);

  // Returns the next events as soon as there are some; none: the watch is over, because the call
  // has ended and its log is quiet, or after 5 minutes.
  Task<absl::StatusOr<std::vector<StoredEvent>>> Next();

 private:
  CallEventStore& events_;
  Clock& clock_;
  const TenantId tenant_;
  const CallId call_;
  int64_t position_;
  const absl::Time over_;
  absl::Time quiet_since_ = absl::InfiniteFuture();  // The ended call's log.
};

// The ports outlive it and its watches. Lives on one io thread. Errors as the proto lists them.
class CallLog {
 public:
  CallLog(CallEventStore& events, Recordings& recordings, Clock& clock);

  // `source` is who reports: sequences count within a call and its source. OK means committed.
  Task<absl::Status> Append(const std::string& source, const std::vector<CallEvent>& events);

  Task<absl::StatusOr<Transcript>> GetTranscript(const TenantId& tenant, const CallId& call);

  // From after `position` on; 0: from the first.
  CallWatch Watch(const TenantId& tenant, const CallId& call, int64_t position);

  // The file of the call's recording.
  Task<absl::StatusOr<std::string>> FindRecording(const TenantId& tenant, const CallId& call);

  // The next piece of it, at most 32 KiB; none at the end.
  absl::StatusOr<std::string> ReadRecording(const std::string& file, int64_t offset);

 private:
  CallEventStore& events_;
  Recordings& recordings_;
  Clock& clock_;
};

}  // namespace latchkey::orchestrator
