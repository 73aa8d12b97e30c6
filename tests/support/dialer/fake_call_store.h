// FakeCallStore: call records in memory, and what would stand in the outbox.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "services/dialer/domain/ports.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {

class FakeCallStore final : public CallStore {
 public:
  // `fleet` tells which calls are lost, as the instances' table does for Postgres.
  explicit FakeCallStore(FleetStore& fleet) : fleet_(fleet) {}

  absl::Status failure;              // What every method answers, if not OK.
  std::vector<std::string> metered;  // Calls whose usage went into the outbox.

  Task<absl::Status> Admit(const Call& call, const Ceilings& ceilings) override {
    if (!failure.ok()) co_return failure;
    LiveCounts live;
    for (const auto& [id, other] : calls_) {
      if (other.call.tenant == call.tenant && other.call.request_id == call.request_id) {
        co_return Error(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused, "Taken.");
      }
      if (other.call.state == CallState::kEnded) continue;
      if (other.call.tenant == call.tenant) ++live.of_tenant;
      if (other.call.llm_scope == call.llm_scope) ++live.of_llm_scope;
    }
    absl::Status room = AdmitOneMore(ceilings, live);
    if (room.ok()) calls_[call.id.text()] = Row{call, absl::InfinitePast()};
    co_return room;
  }

  Task<absl::Status> RecordRefused(const Call& call) override {
    if (!failure.ok()) co_return failure;
    for (const auto& [id, other] : calls_) {
      if (other.call.tenant == call.tenant && other.call.request_id == call.request_id) {
        co_return Error(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused, "Taken.");
      }
    }
    calls_[call.id.text()] = Row{call, absl::InfinitePast()};
    co_return absl::OkStatus();
  }

  Task<absl::Status> Assign(const CallId& id, const MediaInstance& instance) override {
    if (!failure.ok()) co_return failure;
    const auto found = calls_.find(id.text());
    if (found == calls_.end() || found->second.call.state != CallState::kQueued) {
      co_return absl::OkStatus();
    }
    found->second.call.media_instance = instance.name;
    found->second.call.media_incarnation = instance.incarnation;
    co_return absl::OkStatus();
  }

  Task<absl::Status> Withdraw(const CallId& id) override {
    if (!failure.ok()) co_return failure;
    const auto found = calls_.find(id.text());
    if (found != calls_.end() && found->second.call.state == CallState::kQueued) {
      calls_.erase(found);
    }
    co_return absl::OkStatus();
  }

  Task<absl::StatusOr<Call>> Find(const CallId& id) override {
    if (!failure.ok()) co_return failure;
    const auto found = calls_.find(id.text());
    if (found == calls_.end()) co_return NotFound();
    co_return found->second.call;
  }

  Task<absl::StatusOr<Call>> FindByRequest(const TenantId& tenant,
                                           const std::string& request_id) override {
    if (!failure.ok()) co_return failure;
    for (const auto& [id, row] : calls_) {
      if (row.call.tenant == tenant && row.call.request_id == request_id) co_return row.call;
    }
    co_return NotFound();
  }

  Task<absl::StatusOr<Call>> FindInbound(Provider carrier,
                                         const std::string& carrier_call_id) override {
    if (!failure.ok()) co_return failure;
    for (const auto& [id, row] : calls_) {
      const Call& call = row.call;
      if (call.direction == Direction::kInbound && call.carrier == carrier &&
          call.carrier_call_id == carrier_call_id) {
        co_return call;
      }
    }
    co_return NotFound();
  }

  Task<absl::StatusOr<std::vector<Call>>> List(const TenantId& tenant,
                                               std::optional<CallCursor> after,
                                               int limit) override {
    if (!failure.ok()) co_return failure;
    std::vector<Call> found;
    for (const auto& [id, row] : calls_) {
      const auto key = std::pair(row.call.create_time, id);
      if (row.call.tenant != tenant) continue;
      if (after.has_value() && key >= std::pair(after->create_time, after->call)) continue;
      found.push_back(row.call);
    }
    std::sort(found.begin(), found.end(), [](const Call& a, const Call& b) {
      return std::pair(b.create_time, b.id) < std::pair(a.create_time, a.id);
    });
    if (found.size() > static_cast<size_t>(limit)) found.resize(static_cast<size_t>(limit));
    co_return found;
  }

  Task<absl::StatusOr<Call>> Update(const CallId& id, const Transition& transition) override {
    if (!failure.ok()) co_return failure;
    const auto found = calls_.find(id.text());
    if (found == calls_.end()) co_return NotFound();
    Call changed = found->second.call;
    const bool had_ended = changed.state == CallState::kEnded;
    absl::Status applied = transition(changed);
    if (!applied.ok()) co_return applied;
    found->second.call = changed;
    if (!had_ended && changed.state == CallState::kEnded) metered.push_back(id.text());
    co_return changed;
  }

  Task<absl::StatusOr<std::vector<Call>>> ClaimLost(const LostCalls& lost, int limit) override {
    if (!failure.ok()) co_return failure;
    absl::StatusOr<std::vector<MediaInstance>> fleet = co_await fleet_.List();
    if (!fleet.ok()) co_return fleet.status();
    std::vector<Call> claimed;
    for (auto& [id, row] : calls_) {
      if (row.call.state == CallState::kEnded || row.settle_after > lost.now) continue;
      if (!IsLost(row.call, *fleet, lost)) continue;
      if (claimed.size() == static_cast<size_t>(limit)) break;
      row.settle_after = lost.retry_time;
      claimed.push_back(row.call);
    }
    co_return claimed;
  }

 private:
  struct Row {
    Call call;
    absl::Time settle_after;
  };

  static absl::Status NotFound() {
    return Error(absl::StatusCode::kNotFound, reasons::kCallNotFound, "No such call.");
  }

  static bool IsLost(const Call& call, const std::vector<MediaInstance>& fleet,
                     const LostCalls& lost) {
    if (call.carrier_call_id.empty() && call.create_time >= lost.listed_since) return false;
    if (call.state == CallState::kQueued && call.create_time < lost.queued_since) return true;
    if (call.carrier_end.has_value() && call.carrier_end->time < lost.ended_since) return true;
    for (const MediaInstance& instance : fleet) {
      if (instance.name != call.media_instance) continue;
      return instance.heartbeat_time < lost.silent_since ||
             instance.incarnation != call.media_incarnation;
    }
    return true;
  }

  FleetStore& fleet_;
  std::map<std::string, Row> calls_;
};

}  // namespace latchkey::dialer
