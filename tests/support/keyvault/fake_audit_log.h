// FakeAuditLog and its neighbours: what is audited, frozen and budgeted, in memory.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "services/keyvault/domain/audit_log.h"
#include "services/keyvault/domain/lease_guard.h"
#include "services/keyvault/domain/probe_budget.h"
#include "services/keyvault/domain/reasons.h"
#include "tests/support/keyvault/fake_key_store.h"

namespace latchkey::keyvault {

// Rows go to `keys.audit`, as in Postgres all are in one table; those that are read are `chained`.
class FakeAuditLog final : public AuditLog {
 public:
  explicit FakeAuditLog(FakeKeyStore& keys) : keys_(keys) {}

  Task<absl::Status> Write(const AuditRow& row) override {
    if (!failure.ok()) co_return failure;
    keys_.audit.push_back(row);
    co_return absl::OkStatus();
  }
  Task<absl::StatusOr<std::vector<ChainedRow>>> List(const TenantId& tenant,
                                                     std::optional<Provider> provider,
                                                     int64_t before, int limit) override {
    std::vector<ChainedRow> rows;
    for (auto row = chained.rbegin(); row != chained.rend(); ++row) {
      if (row->tenant != tenant.text() || row->number >= before) continue;
      const int wanted = provider.has_value() ? static_cast<int>(*provider) : 0;
      if (wanted != 0 && row->provider != 0 && row->provider != wanted) continue;
      if (static_cast<int>(rows.size()) < limit) rows.push_back(*row);
    }
    co_return rows;
  }
  Task<absl::StatusOr<std::vector<ChainedRow>>> Walk(const TenantId& tenant, int64_t after,
                                                     int limit) override {
    std::vector<ChainedRow> rows;
    for (const ChainedRow& row : chained) {
      if (row.tenant != tenant.text() || row.number <= after) continue;
      if (static_cast<int>(rows.size()) < limit) rows.push_back(row);
    }
    co_return rows;
  }
  Task<absl::StatusOr<std::vector<ChainedRow>>> Heads(absl::Time since,
                                                      std::optional<std::string> after,
                                                      int limit) override {
    std::map<std::string, ChainedRow> heads;
    for (const ChainedRow& row : chained) {
      if (row.time >= since && (!after.has_value() || row.tenant > *after)) heads[row.tenant] = row;
    }
    std::vector<ChainedRow> rows;
    for (const auto& [tenant, row] : heads) {
      if (static_cast<int>(rows.size()) < limit) rows.push_back(row);
    }
    co_return rows;
  }

  absl::Status failure;  // When it is an error, Write returns it.
  std::vector<ChainedRow> chained;

 private:
  FakeKeyStore& keys_;
};

class FakeFreezeStore final : public FreezeStore {
 public:
  Task<absl::StatusOr<bool>> Freeze(const std::string& caller, const Actor&) override {
    co_return frozen.insert(caller).second;
  }
  Task<absl::StatusOr<bool>> Unfreeze(const std::string& caller, const Actor&) override {
    co_return frozen.erase(caller) > 0;
  }
  Task<absl::StatusOr<std::set<std::string>>> ListFrozen() override { co_return frozen; }

  std::set<std::string> frozen;
};

class FakeLeaseAlarm final : public LeaseAlarm {
 public:
  void OnDenial(const AuditRow& row, bool first) override {
    if (first) denied.push_back(row.reason);
  }
  void OnManyTenants(const std::string& caller) override { many_tenants.push_back(caller); }
  void OnFreeze(const std::string& caller) override { frozen.push_back(caller); }

  std::vector<std::string> denied;
  std::vector<std::string> many_tenants;
  std::vector<std::string> frozen;
};

class FakeProbeBudget final : public ProbeBudget {
 public:
  Task<absl::Status> Take(const TenantId&) override {
    if (left-- > 0) co_return absl::OkStatus();
    co_return Error(absl::StatusCode::kResourceExhausted, reason::kProbeLimit, "Too many.",
                    {{"retry_after_seconds", "60"}});
  }

  int left = 1000;
};

class FakeCheckpointLog final : public CheckpointLog {
 public:
  Task<absl::Status> Append(const std::vector<AuditCheckpoint>& checkpoints) override {
    kept.insert(kept.end(), checkpoints.begin(), checkpoints.end());
    co_return absl::OkStatus();
  }
  Task<absl::StatusOr<std::vector<AuditCheckpoint>>> ListLast(const TenantId& tenant) override {
    std::vector<AuditCheckpoint> last;
    for (const AuditCheckpoint& checkpoint : kept) {
      if (checkpoint.tenant == tenant.text()) last.push_back(checkpoint);
    }
    co_return last;
  }

  std::vector<AuditCheckpoint> kept;
};

}  // namespace latchkey::keyvault
