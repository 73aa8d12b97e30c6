#include "services/validator/domain/verdict.h"

namespace latchkey::validator {

std::string_view Name(Rejection rejection) {
  switch (rejection) {
    case Rejection::kNone:
      return "valid";
    case Rejection::kInvalidKey:
      return "invalid_key";
    case Rejection::kInsufficientScope:
      return "insufficient_scope";
    case Rejection::kModelNotFound:
      return "model_not_found";
    case Rejection::kNoCredit:
      return "no_credit";
    case Rejection::kAccountSuspended:
      return "account_suspended";
    case Rejection::kMalformedKey:
      return "malformed_key";
    case Rejection::kNotAnApiKey:
      return "not_an_api_key";
  }
  return "valid";
}

}  // namespace latchkey::validator
