// Denials: one audit row, not thousands, for what is refused again and again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "services/keyvault/domain/audit.h"

namespace latchkey::keyvault {

// A rule. The first denial of a caller, tenant, action, provider and reason in a minute is a row at
// once, so that it is not lost when the process ends; those that follow are one more row with their
// count, when the minute is over.
class Denials {
 public:
  // Whether it says that its caller has a ticket that was forged, or another's.
  static bool Stolen(const AuditRow& row);

  // True: write `row` down now. False: it was counted.
  bool Take(const AuditRow& row, absl::Time now);

  // The rows of minutes that are over at `now`, each once; absl::InfiniteFuture() for all.
  std::vector<AuditRow> TakeEnded(absl::Time now);

  // `row` could not be written: its count is with those of this minute, which are taken later.
  void PutBack(AuditRow row, absl::Time now);

  // How many tickets of a caller in this minute were forged, or another's.
  int64_t StolenTickets(const std::string& caller) const;
  // Counts them from none again.
  void Forgive(const std::string& caller) { stolen_.erase(caller); }

 private:
  // Beyond it, every denial is a row at once, and those that are put back are counted for their
  // caller and reason, whatever the tenant: nothing is dropped.
  static constexpr size_t kCountedMax = 10'000;

  // Caller, tenant, action, provider, reason.
  using Key = std::tuple<std::string, std::string, AuditAction, int, std::string>;

  static Key KeyOf(const AuditRow& row);

  struct Repeated {
    AuditRow row;
    int64_t minute = 0;
    int64_t count = 0;  // Besides the first.
  };

  std::map<Key, Repeated> repeated_;
  int64_t stolen_minute_ = -1;
  std::map<std::string, int64_t> stolen_;  // By caller.
};

}  // namespace latchkey::keyvault
