// NumberingPlan: what a phone number is beyond its form: where it rings, and whether it may be
// rung.
#pragma once

#include <string>

#include "lib/base/e164.h"

namespace latchkey::phone {

// What the world's numbering plans say about a number.
struct NumberFacts {
  // ISO 3166-1 alpha-2, "US"; "" for a number of no country (satellite, shared service).
  std::string region;
  // Its length fits a number that can be reached from abroad. Not that it is in service.
  bool possible = false;
  // Rung at somebody's extra charge: premium rate or shared cost.
  bool premium = false;
  // An emergency service, or a number that a switch may take for one.
  bool emergency = false;
};

// Answers from data that is compiled in: no network, no state, any thread.
class NumberingPlan {
 public:
  virtual ~NumberingPlan() = default;
  virtual NumberFacts Describe(const E164& number) const = 0;
};

// Google's libphonenumber. Its metadata is of 2022, so a number that it does not know as valid is
// still possible; such a number counts to the main country of its calling code.
class LibphonenumberPlan final : public NumberingPlan {
 public:
  NumberFacts Describe(const E164& number) const override;
};

}  // namespace latchkey::phone
