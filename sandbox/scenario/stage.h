// Stage: where a scenario is being played. Holds what changes while it is: faults used up, dice.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {

// Lives on the sandbox's one io thread. Outlives every emulator.
class Stage {
 public:
  explicit Stage(Scenario scenario);

  // The scenario as it is now. Shared, because a call that began under a scenario keeps it while
  // another one takes its place; keep the pointer across a co_await, not a reference.
  std::shared_ptr<const Scenario> scenario() const { return scenario_; }

  // Begins another scenario: its seed, its faults.
  void Play(Scenario scenario);

  // What goes wrong now, if anything: asked once per chance (a request, a stream's first piece),
  // and used up by asking. `who` has the key of the request, or the number of the call.
  std::optional<Fault> NextFault(Provider provider, Fault::Moment moment,
                                 std::string_view who = "");
  void AddFault(const Fault& fault);

  // How long it takes this time.
  absl::Duration Draw(const Latency& latency);

  // How `provider` judges a key: the scenario's entry, or a 401 for one that it does not list.
  KnownKey Judge(Provider provider, std::string_view key) const;

  // Notes what a provider was asked, for tests to read at GET /sandbox/requests. `entry` is a JSON
  // object without any key in it. Only the last kJournalMax entries are kept.
  static constexpr size_t kJournalMax = 1000;
  void Note(Provider provider, std::string entry);
  std::string JournalJson() const;  // [{"provider":"anthropic","entry":{…}},…], oldest first.

 private:
  struct ArmedFault {
    Fault fault;
    int passed = 0;
    int happened = 0;
  };

  std::shared_ptr<const Scenario> scenario_;
  std::vector<ArmedFault> faults_;
  std::mt19937_64 dice_;
  std::deque<std::string> journal_;
};

}  // namespace latchkey::sandbox
