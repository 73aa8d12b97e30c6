// KeyWitness: notes what the providers answer to a call's keys, for keyvault.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/clock.h"
#include "services/media/adapters/key_leases.h"

namespace latchkey::media {

// What a failure that a call was told of says about the key; nothing when it says nothing: a wrong
// model is nobody's key's fault.
std::optional<keyvault::v1::ProviderAnswer> AnswerOf(const absl::Status& why);

// One for each call. Lives on the call's io thread; what it is made from outlives it. What works is
// only counted; notes are handed on now and then, and the last of them with the call's release.
class KeyWitness {
 public:
  // Where notes are handed on to: KeyLeases::Report.
  using Report = std::function<void(KeyLeases::Observations)>;

  KeyWitness(const LeasedKeys& keys, const Clock& clock, Report report)
      : keys_(keys), clock_(clock), report_(std::move(report)), handed_on_(clock.Now()) {}

  void Worked(Provider provider);
  void Failed(Provider provider, const absl::Status& why);
  // How many calls at a time the limits in an answer bear.
  void Told(Provider provider, int call_ceiling);

  // All that was not handed on yet.
  KeyLeases::Observations Take();

 private:
  struct Notes {
    std::vector<keyvault::v1::SeenAnswer> answers;  // Each once, the last seen last.
    int version = 0;
    int call_ceiling = 0;
  };

  void Note(Provider provider, keyvault::v1::ProviderAnswer answer);
  void HandOn();

  const LeasedKeys& keys_;
  const Clock& clock_;
  const Report report_;
  std::map<Provider, Notes> notes_;
  absl::Time handed_on_;
  bool urgent_ = false;
};

}  // namespace latchkey::media
