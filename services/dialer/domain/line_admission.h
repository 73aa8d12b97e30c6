// LineAdmission: may this number have a call at all? Its tenant's readiness, keys and price; the
// same in both directions.
#pragma once

#include "lib/phone/numbering_plan.h"
#include "services/dialer/domain/key_resolution.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// Everything that admission fixes for a call.
struct Admitted {
  Line line;
  ResolvedKeys keys;
  Rate rate;
};

// Lives on one io thread. The ports outlive it.
class LineAdmission {
 public:
  LineAdmission(KeyFactsSource& keys, Pricing& pricing, const phone::NumberingPlan& plan)
      : keys_(keys), pricing_(pricing), plan_(plan) {}

  // Errors: those of ResolveKeys and of Pricing::Authorize.
  Task<absl::StatusOr<Admitted>> Admit(const Line& line);

  // The tenant's keys, and the platform's where the line may use them.
  Task<absl::StatusOr<std::vector<KeyFacts>>> ListKeys(const Line& line);

 private:
  KeyFactsSource& keys_;
  Pricing& pricing_;
  const phone::NumberingPlan& plan_;
};

// The record of a call on this line, as far as its line decides: without id, numbers and times.
Call CallOn(const Line& line);
void Fix(const Admitted& admitted, Call& call);

}  // namespace latchkey::dialer
