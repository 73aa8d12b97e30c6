// DenialLog: writes refusals down, one by one or by their count.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/audit_log.h"
#include "services/keyvault/domain/denials.h"

namespace latchkey::keyvault {

// Lives on one io thread. What it is made from outlives it.
class DenialLog {
 public:
  DenialLog(AuditLog& log, const Clock& clock) : log_(log), clock_(clock) {}

  // Writes `row`, which tells of a refusal, or counts it with others of its minute. Returns `why`,
  // which stands even when it could not be written: then its metadata has `unaudited`, and the row
  // is written later, with the counts.
  Task<absl::Status> Record(AuditRow row, absl::Status why);

  // The same in two steps, for those who act between them: true when `row` is to be written.
  bool Count(const AuditRow& row) { return denials_.Take(row, clock_.Now()); }
  Task<absl::Status> Write(AuditRow row, absl::Status why);

  // Writes the counts: of minutes that are over, or of all.
  Task<absl::Status> WriteCounts(bool all);

  // How many tickets of a caller in this minute were forged, or another's.
  int64_t StolenTickets(const std::string& caller) const { return denials_.StolenTickets(caller); }
  // Counts them from none again.
  void Forgive(const std::string& caller) { denials_.Forgive(caller); }

 private:
  AuditLog& log_;
  const Clock& clock_;
  Denials denials_;
};

}  // namespace latchkey::keyvault
