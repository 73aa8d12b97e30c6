// FakeCallEventStore and FakeRecordings: what happened in calls, in memory.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "lib/base/error.h"
#include "services/orchestrator/domain/ports.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {

class FakeCallEventStore final : public CallEventStore {
 public:
  Task<absl::Status> Append(const std::string& source,
                            const std::vector<CallEvent>& events) override {
    if (!failure.ok()) co_return failure;
    for (const CallEvent& event : events) {
      const auto call = calls_.find(event.call.text());
      if (call != calls_.end() && call->second.tenant != event.tenant) {
        co_return Malformed("A call belongs to one tenant.");
      }
    }
    for (const CallEvent& event : events) Keep(source, event);
    co_return absl::OkStatus();
  }

  Task<absl::StatusOr<EventPage>> Read(const TenantId& tenant, const CallId& call, int64_t position,
                                       int limit) override {
    if (!failure.ok()) co_return failure;
    const auto found = calls_.find(call.text());
    if (found == calls_.end() || found->second.tenant != tenant) co_return CallNotFound();
    EventPage page;
    page.ended = found->second.ended;
    for (const StoredEvent& stored : found->second.events) {
      if (stored.position <= position) continue;
      if (page.events.size() == static_cast<size_t>(limit)) break;
      page.events.push_back(stored);
    }
    co_return page;
  }

  absl::Status failure;  // What every method answers while it is not OK.

 private:
  struct Log {
    TenantId tenant;
    std::vector<StoredEvent> events;
    bool ended = false;
  };

  void Keep(const std::string& source, const CallEvent& event) {
    Log& log = calls_[event.call.text()];
    log.tenant = event.tenant;
    if (!known_.emplace(event.call.text(), source, event.sequence).second) return;
    log.events.push_back({static_cast<int64_t>(log.events.size()) + 1, event});
    log.ended = log.ended || IsEnd(event);
  }

  std::map<std::string, Log> calls_;
  std::set<std::tuple<std::string, std::string, int64_t>> known_;
};

class FakeRecordings final : public Recordings {
 public:
  absl::StatusOr<std::string> Read(const std::string& file, int64_t offset,
                                   size_t bytes_max) override {
    const auto found = files.find(file);
    if (found == files.end()) return RecordingNotFound();
    const std::string& bytes = found->second;
    if (static_cast<size_t>(offset) >= bytes.size()) return std::string();
    return bytes.substr(static_cast<size_t>(offset), bytes_max);
  }

  std::map<std::string, std::string> files;
};

}  // namespace latchkey::orchestrator
