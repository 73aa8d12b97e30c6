#include "services/keyvault/domain/auditor.h"

#include <algorithm>
#include <utility>

namespace latchkey::keyvault {

namespace {

constexpr int kRowsPerStep = 500;
// A row's time is taken before its transaction commits; that takes seconds at most.
constexpr absl::Duration kOverlap = absl::Minutes(2);

}  // namespace

Task<absl::StatusOr<AuditPage>> Auditor::List(const TenantId& tenant,
                                              std::optional<Provider> provider, int64_t before,
                                              int limit) {
  // One more than asked for tells whether there is a next page.
  absl::StatusOr<std::vector<ChainedRow>> rows =
      co_await log_.List(tenant, provider, before, limit + 1);
  if (!rows.ok()) co_return rows.status();
  AuditPage page{*std::move(rows), 0};
  if (page.rows.size() > static_cast<size_t>(limit)) {
    page.rows.pop_back();
    page.next_before = page.rows.back().number;
  }
  co_return page;
}

Task<absl::StatusOr<AuditReport>> Auditor::Verify(const TenantId& tenant) {
  // Before the rows: what is signed later than they are read must not look like a cut tail.
  absl::StatusOr<std::vector<AuditCheckpoint>> checkpoints = co_await checkpoints_.ListLast(tenant);
  if (!checkpoints.ok()) co_return checkpoints.status();
  AuditVerifier verifier(chain_, *std::move(checkpoints), clock_.Now() - checkpoint_delay_);
  int64_t after = 0;
  bool more = true;
  while (more) {
    absl::StatusOr<std::vector<ChainedRow>> rows = co_await log_.Walk(tenant, after, kRowsPerStep);
    if (!rows.ok()) co_return rows.status();
    more = rows->size() == kRowsPerStep;
    for (const ChainedRow& row : *rows) {
      after = row.number;
      if (verifier.Take(row)) continue;
      more = false;
      break;
    }
  }
  co_return AuditReport{verifier.Finish(), verifier.last_checkpoint()};
}

Task<absl::Status> Auditor::Checkpoint() {
  const absl::Time now = clock_.Now();
  absl::Time newest = look_from_ + kOverlap;
  std::map<std::string, int64_t> heads_seen;
  std::optional<std::string> after;
  while (true) {
    absl::StatusOr<std::vector<ChainedRow>> heads =
        co_await log_.Heads(look_from_, after, kRowsPerStep);
    if (!heads.ok()) co_return heads.status();
    if (heads->empty()) break;
    std::vector<AuditCheckpoint> checkpoints;
    for (const ChainedRow& head : *heads) {
      newest = std::max(newest, head.time);
      heads_seen[head.tenant] = head.number;
      const auto before = signed_.find(head.tenant);
      if (before != signed_.end() && before->second == head.number) continue;
      checkpoints.push_back({head.tenant, head.number, head.hash, now, "", ""});
      chain_.Sign(checkpoints.back());
    }
    absl::Status written = co_await checkpoints_.Append(checkpoints);
    if (!written.ok()) co_return written;
    after = heads->back().tenant;
  }
  signed_ = std::move(heads_seen);
  // Not beyond our own clock: a row that somebody dates in the future must not hide later ones.
  look_from_ = std::min(newest, now) - kOverlap;
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
