#include "sandbox/scenario/stage.h"

#include <fmt/format.h>

#include <algorithm>

namespace latchkey::sandbox {

Stage::Stage(Scenario scenario) { Play(std::move(scenario)); }

void Stage::Play(Scenario scenario) {
  dice_.seed(scenario.seed);
  faults_.clear();
  for (const Fault& fault : scenario.faults) AddFault(fault);
  scenario_ = std::make_shared<const Scenario>(std::move(scenario));
}

void Stage::AddFault(const Fault& fault) { faults_.push_back({.fault = fault}); }

std::optional<Fault> Stage::NextFault(Provider provider, Fault::Moment moment,
                                      std::string_view who) {
  for (ArmedFault& armed : faults_) {
    const Fault& fault = armed.fault;
    if (fault.provider != provider || fault.moment != moment) continue;
    if (!fault.who.empty() && fault.who != who) continue;
    if (fault.times != 0 && armed.happened == fault.times) continue;
    if (armed.passed < fault.after) {
      ++armed.passed;
      continue;
    }
    ++armed.happened;
    return fault;
  }
  return std::nullopt;
}

absl::Duration Stage::Draw(const Latency& latency) {
  const int64_t jitter_us = absl::ToInt64Microseconds(latency.jitter);
  std::uniform_int_distribution<int64_t> spread(-jitter_us, jitter_us);
  return std::max(absl::ZeroDuration(), latency.mean + absl::Microseconds(spread(dice_)));
}

KnownKey Stage::Judge(Provider provider, std::string_view key) const {
  const auto known = scenario_->keys.find(provider);
  if (known != scenario_->keys.end()) {
    for (const KnownKey& candidate : known->second) {
      if (candidate.key == key) return candidate;
    }
  }
  return {.key = std::string(key), .status = 401, .code = ""};
}

void Stage::Note(Provider provider, std::string entry) {
  if (journal_.size() == kJournalMax) journal_.pop_front();
  journal_.push_back(fmt::format(R"({{"provider":"{}","entry":{}}})", Name(provider), entry));
}

std::string Stage::JournalJson() const { return fmt::format("[{}]", fmt::join(journal_, ",\n")); }

}  // namespace latchkey::sandbox
