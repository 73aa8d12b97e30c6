#include "services/keyvault/domain/auditor.h"

#include <utility>

namespace latchkey::keyvault {

namespace {

constexpr int kRowsPerStep = 500;
// A row's time is taken before its transaction commits, and the database's clock is another one.
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
  absl::StatusOr<std::optional<AuditCheckpoint>> checkpoint =
      co_await checkpoints_.FindLast(tenant);
  if (!checkpoint.ok()) co_return checkpoint.status();
  AuditVerifier verifier(chain_, *checkpoint);
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
  co_return AuditReport{verifier.Finish(), *std::move(checkpoint)};
}

Task<absl::Status> Auditor::Checkpoint() {
  const absl::Time now = clock_.Now();
  std::optional<std::string> after;
  while (true) {
    absl::StatusOr<std::vector<ChainedRow>> heads =
        co_await log_.Heads(signed_until_, after, kRowsPerStep);
    if (!heads.ok()) co_return heads.status();
    if (heads->empty()) break;
    std::vector<AuditCheckpoint> checkpoints;
    for (const ChainedRow& head : *heads) {
      checkpoints.push_back({head.tenant, head.number, head.hash, now, "", ""});
      chain_.Sign(checkpoints.back());
    }
    absl::Status written = co_await checkpoints_.Append(checkpoints);
    if (!written.ok()) co_return written;
    after = heads->back().tenant;
  }
  signed_until_ = now - kOverlap;
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
