// Verdict: what a key is worth, as its provider says.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace latchkey::validator {

// Why a provider does not take a key. The numbers of latchkey.validator.v1.Rejection.
enum class Rejection {
  kNone = 0,
  kInvalidKey = 1,
  kInsufficientScope = 2,
  kModelNotFound = 3,
  kNoCredit = 4,
  kAccountSuspended = 5,
  kMalformedKey = 6,
  kNotAnApiKey = 7,
};

// "invalid_key", for metrics.
std::string_view Name(Rejection rejection);

struct Verdict {
  static Verdict Valid() { return {}; }
  // `message` tells the tenant what happened and what to do next; it never holds the key.
  static Verdict Rejected(Rejection why, std::string message) {
    Verdict verdict;
    verdict.rejection = why;
    verdict.message = std::move(message);
    return verdict;
  }

  bool valid() const { return rejection == Rejection::kNone; }

  Rejection rejection = Rejection::kNone;
  std::string message;
  int call_ceiling = 0;         // Calls at a time that the account bears; 0 without a limit.
  bool trial = false;           // Reaches verified numbers only.
  std::string carrier_account;  // "AC…"; empty for AI providers.
};

}  // namespace latchkey::validator
