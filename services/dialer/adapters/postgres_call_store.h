// The call records in the table calls, and their usage in the outbox.
#pragma once

#include <functional>

#include "lib/pg/pool.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// The outbox's topic for billing; its payload is a billing.v1.RecordUsageRequest.
inline constexpr std::string_view kUsageTopic = "billing.record_usage";

class PostgresCallStore final : public CallStore {
 public:
  // `on_usage` is called after each commit that has put a message into the outbox.
  PostgresCallStore(pg::Pool& pool, std::function<void()> on_usage)
      : pool_(pool), on_usage_(std::move(on_usage)) {}

  Task<absl::Status> Admit(const Call& call, const Ceilings& ceilings) override;
  Task<absl::Status> RecordRefused(const Call& call) override;
  Task<absl::Status> Assign(const CallId& id, const MediaInstance& instance) override;
  Task<absl::Status> Withdraw(const CallId& id) override;
  Task<absl::StatusOr<Call>> Find(const CallId& id) override;
  Task<absl::StatusOr<Call>> FindByRequest(const TenantId& tenant,
                                           const std::string& request_id) override;
  Task<absl::StatusOr<Call>> FindInbound(Provider carrier,
                                         const std::string& carrier_call_id) override;
  Task<absl::StatusOr<std::vector<Call>>> List(const TenantId& tenant,
                                               std::optional<CallCursor> after, int limit) override;
  Task<absl::StatusOr<Call>> Update(const CallId& id, const Transition& transition) override;
  Task<absl::StatusOr<std::vector<Call>>> ClaimLost(const LostCalls& lost, int limit) override;

 private:
  pg::Pool& pool_;
  std::function<void()> on_usage_;
};

}  // namespace latchkey::dialer
