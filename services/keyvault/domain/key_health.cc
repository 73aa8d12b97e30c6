#include "services/keyvault/domain/key_health.h"

#include <fmt/format.h>

#include <algorithm>

namespace latchkey::keyvault {

namespace {

// One trouble is outweighed by so many answers as they should be: below that share, no provider is
// worth a word.
constexpr int kWorkedPerTrouble = 10;
constexpr int kTroublesMax = 1000;
constexpr int kSoonPerInterval = 24;

void Become(KeyHealth& health, KeyStatus status, std::string_view reason, absl::Time now) {
  if (health.status != status) health.since = now;
  health.status = status;
  health.reason = reason;
}

void CheckBy(KeyHealth& health, absl::Time time) {
  health.check_time = std::min(health.check_time.value_or(time), time);
}

void AskForProbe(KeyHealth& health, absl::Time now) {
  const absl::Time at = std::max(now, health.ask_time + HealthRule::kAskPause);
  if (health.check_time.has_value() && *health.check_time <= at) return;
  health.check_time = at;
  health.ask_time = at;
}

// No call goes on with it until a probe passes, so nothing else can help it.
bool IsBarred(const KeyHealth& health) {
  return health.status == KeyStatus::kInvalid || health.status == KeyStatus::kExhausted;
}

}  // namespace

KeyHealth HealthRule::AfterAnswers(KeyHealth before, std::span<const SeenAnswer> answers,
                                   absl::Time now) const {
  for (const SeenAnswer& seen : answers) OnAnswer(before, seen, now);
  return before;
}

void HealthRule::OnAnswer(KeyHealth& health, const SeenAnswer& seen, absl::Time now) const {
  switch (seen.answer) {
    case Answer::kWorked:
      return OnWorked(health, seen.count, now);
    case Answer::kKeyRefused:
      if (health.status != KeyStatus::kInvalid) AskForProbe(health, now);
      return;
    case Answer::kNoCredit:
      // It is known to the provider after all?
      if (health.status == KeyStatus::kInvalid) return AskForProbe(health, now);
      if (health.status != KeyStatus::kExhausted) CheckSoon(health, now);
      return Become(health, KeyStatus::kExhausted, kWhyNoCredit, now);
    case Answer::kRateLimited:
    case Answer::kFailed:
    case Answer::kNone:
      return OnTrouble(health, seen, now);
  }
}

void HealthRule::OnWorked(KeyHealth& health, int count, absl::Time now) const {
  if (IsBarred(health)) return AskForProbe(health, now);
  health.troubles = std::max(0, health.troubles - count / kWorkedPerTrouble);
  if (health.status == KeyStatus::kValid) return;
  if (now - health.trouble_time < kTroubleWindow) return;
  health.troubles = 0;
  Become(health, KeyStatus::kValid, "", now);
}

void HealthRule::OnTrouble(KeyHealth& health, const SeenAnswer& seen, absl::Time now) const {
  if (IsBarred(health)) return;
  if (now - health.trouble_time >= kTroubleWindow) health.troubles = 0;
  health.troubles = std::min(health.troubles + seen.count, kTroublesMax);
  health.trouble_time = now;
  if (health.troubles < kTroublesToDegrade) return;
  if (health.status == KeyStatus::kValid) CheckSoon(health, now);
  if (seen.answer == Answer::kNone) {
    return Become(health, KeyStatus::kUnreachable, kWhyNoAnswer, now);
  }
  const bool limited = seen.answer == Answer::kRateLimited;
  Become(health, KeyStatus::kDegraded, limited ? kWhyRateLimited : kWhyProviderError, now);
}

void HealthRule::CheckSoon(KeyHealth& health, absl::Time now) const {
  CheckBy(health, now + interval_ / kSoonPerInterval);
}

KeyHealth HealthRule::AfterCeiling(KeyHealth before, int told, absl::Time now) const {
  if (told <= 0) return before;
  const int ceiling = std::min(told, kCeilingMax);
  const int tenth = before.call_ceiling / 10;
  if (before.call_ceiling == 0 || ceiling < before.call_ceiling - tenth) {
    before.call_ceiling = ceiling;
    before.ceiling_time = now;
  } else if (ceiling > before.call_ceiling + tenth && now - before.ceiling_time >= kCeilingPause) {
    const int step = std::max(1, before.call_ceiling / 4);
    before.call_ceiling = std::min(ceiling, before.call_ceiling + step);
    before.ceiling_time = now;
  }
  return before;
}

KeyHealth HealthRule::AfterProbe(KeyHealth before, const ProbeOutcome& outcome, double jitter,
                                 absl::Time now) const {
  using Kind = ProbeOutcome::Kind;
  const absl::Duration whole = interval_ * (0.75 + jitter / 2);
  before.check_time = now + whole / kSoonPerInterval;
  switch (outcome.kind) {
    case Kind::kPassed:
      Become(before, KeyStatus::kValid, "", now);
      before.troubles = 0;
      before.validate_time = now;
      before.call_ceiling = outcome.facts.call_ceiling;
      before.ceiling_time = now;
      before.trial = outcome.facts.trial;
      before.check_time = now + whole;
      break;
    case Kind::kRejected:
      Become(before, KeyStatus::kInvalid, outcome.reason, now);
      before.check_time = now + whole;
      break;
    case Kind::kNoCredit:
      Become(before, KeyStatus::kExhausted, kWhyNoCredit, now);
      break;
    case Kind::kRateLimited:
      if (!IsBarred(before)) Become(before, KeyStatus::kDegraded, kWhyRateLimited, now);
      break;
    case Kind::kNotJudged:
      before.check_time = now + whole;
      break;
    case Kind::kNoAnswer:
      if (!IsBarred(before)) Become(before, KeyStatus::kUnreachable, kWhyNoAnswer, now);
      break;
  }
  return before;
}

std::string_view Word(KeyStatus status) {
  switch (status) {
    case KeyStatus::kValid:
      return "valid";
    case KeyStatus::kInvalid:
      return "invalid";
    case KeyStatus::kDegraded:
      return "degraded";
    case KeyStatus::kExhausted:
      return "exhausted";
    case KeyStatus::kUnreachable:
      return "unreachable";
  }
  return "";
}

std::string HealthMessage(Provider provider, const KeyHealth& health) {
  const std::string_view label = provider::Describe(provider).label;
  switch (health.status) {
    case KeyStatus::kValid:
      return fmt::format("The {} key works again.", label);
    case KeyStatus::kInvalid:
      return fmt::format(
          "{} no longer takes the saved key. No call is placed with it: save a new one.", label);
    case KeyStatus::kDegraded:
      return health.reason == kWhyRateLimited
                 ? fmt::format(
                       "The {} account is at its rate limits. Calls go on; raise the "
                       "limits or call less at a time.",
                       label)
                 : fmt::format(
                       "{} often fails just now. Calls go on; its status page may say more.",
                       label);
    case KeyStatus::kExhausted:
      return fmt::format(
          "The {} account has no credit left. No call is placed with its key: add credit, then "
          "revalidate the key.",
          label);
    case KeyStatus::kUnreachable:
      return fmt::format("{} does not answer just now. This says nothing about the key.", label);
  }
  return "";
}

}  // namespace latchkey::keyvault
