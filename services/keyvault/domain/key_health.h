// KeyHealth: what a key is worth, as probes and calls have shown.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/keyvault/domain/key.h"

namespace latchkey::keyvault {

// What a provider was seen to answer to a key in a call.
enum class Answer {
  kWorked,       // What was asked for.
  kKeyRefused,   // 401, 403. A probe is made before it is believed.
  kNoCredit,     // 402, and bodies that say the same.
  kRateLimited,  // 429
  kFailed,       // A fault of the provider's own.
  kNone,         // No answer, or not in time.
};

// An answer, and how often.
struct SeenAnswer {
  Answer answer = Answer::kWorked;
  int count = 1;

  friend bool operator==(const SeenAnswer&, const SeenAnswer&) = default;
};

// Why a key has its status, besides what a probe's rejection says ("invalid_key").
inline constexpr std::string_view kWhyNoCredit = "no_credit";
inline constexpr std::string_view kWhyRateLimited = "rate_limited";
inline constexpr std::string_view kWhyProviderError = "provider_error";
inline constexpr std::string_view kWhyNoAnswer = "no_answer";

// All that is kept of a version's health.
struct KeyHealth {
  KeyStatus status = KeyStatus::kValid;
  absl::Time since = absl::UnixEpoch();
  std::string reason;  // Empty when it is valid.
  // Limits, faults and silences that came close behind each other, less what worked meanwhile.
  int troubles = 0;
  absl::Time trouble_time = absl::UnixEpoch();   // Of the last.
  absl::Time validate_time = absl::UnixEpoch();  // Of the last probe that passed.
  absl::Time ask_time = absl::UnixEpoch();       // When calls last had a probe brought forward.
  std::optional<absl::Time> check_time;          // Of the next probe; nothing: not planned yet.
  int call_ceiling = 0;                          // Calls at a time; 0: no such limit.
  absl::Time ceiling_time = absl::UnixEpoch();   // When it last moved.
  bool trial = false;

  friend bool operator==(const KeyHealth&, const KeyHealth&) = default;
};

// What came of a probe of a stored key.
struct ProbeOutcome {
  // kNotJudged: the provider knows the key, and says nothing that counts for every call.
  enum class Kind { kPassed, kRejected, kNoCredit, kRateLimited, kNoAnswer, kNotJudged };

  Kind kind = Kind::kPassed;
  std::string reason;  // Of kRejected: "invalid_key", …
  AccountFacts facts;  // Of kPassed.
};

// The rule. Calls alone never make a key invalid: a refusal has it probed at once, and the probe
// decides. Neither does what is the provider's own trouble, in a call or in a probe.
class HealthRule {
 public:
  // `interval`: how often a key is probed that nothing is wrong with, or that was rejected; one
  // that is neither is probed 24 times as often.
  explicit HealthRule(absl::Duration interval) : interval_(interval) {}

  // `answers` in the order in which each was last seen.
  KeyHealth AfterAnswers(KeyHealth before, std::span<const SeenAnswer> answers,
                         absl::Time now) const;

  // What the limits in a call's answers bear; 0: none were told. Falls at once, and rises by a
  // quarter a minute at most: a steep ramp meets limits of its own. Less than a tenth is no change.
  KeyHealth AfterCeiling(KeyHealth before, int told, absl::Time now) const;

  // `jitter`, 0 to 1, spreads the next probe over half an interval around its end.
  KeyHealth AfterProbe(KeyHealth before, const ProbeOutcome& outcome, double jitter,
                       absl::Time now) const;

  absl::Duration interval() const { return interval_; }

  static constexpr int kTroublesToDegrade = 3;
  static constexpr absl::Duration kTroubleWindow = absl::Minutes(5);
  // Of probes that calls ask for.
  static constexpr absl::Duration kAskPause = absl::Minutes(5);
  static constexpr absl::Duration kCeilingPause = absl::Minutes(1);
  static constexpr int kCeilingMax = 100'000;  // A header may say anything.

 private:
  void OnAnswer(KeyHealth& health, const SeenAnswer& seen, absl::Time now) const;
  void OnWorked(KeyHealth& health, int count, absl::Time now) const;
  void OnTrouble(KeyHealth& health, const SeenAnswer& seen, absl::Time now) const;
  void CheckSoon(KeyHealth& health, absl::Time now) const;

  absl::Duration interval_;
};

// As it stands in rows, audit and events: "exhausted".
std::string_view Word(KeyStatus status);

// For the tenant: what has happened to the key, and what to do.
std::string HealthMessage(Provider provider, const KeyHealth& health);

}  // namespace latchkey::keyvault
