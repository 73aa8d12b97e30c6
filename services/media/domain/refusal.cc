#include "services/media/domain/refusal.h"

#include "services/media/domain/lines.h"

namespace latchkey::media {
namespace {

struct Sentence {
  std::string_view reason;  // As in dialer's README.
  std::string_view text;
};

constexpr Sentence kSentences[] = {
    {"number_not_found", lines::kNotInService},
    {"onboarding_incomplete", lines::kNotReady},
    {"key_missing", lines::kNotReady},
    {"key_invalid", lines::kNotReady},
    {"key_exhausted", lines::kNotNow},
    {"no_number", lines::kNotReady},
    {"rate_missing", lines::kNotReady},
    {"tenant_concurrency", lines::kLinesBusy},
    {"fleet_full", lines::kAllBusy},
    {"call_over", ""},
};

}  // namespace

std::string_view RefusalSentence(std::string_view reason) {
  for (const Sentence& sentence : kSentences) {
    if (sentence.reason == reason) return sentence.text;
  }
  return lines::kApology;
}

}  // namespace latchkey::media
