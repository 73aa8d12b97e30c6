// FakeProber: a Prober whose verdict the test chooses.
#pragma once

#include <string>
#include <vector>

#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

class FakeProber final : public Prober {
 public:
  Task<absl::StatusOr<AccountFacts>> Probe(Provider provider,
                                           const secret::KeyFields& candidate) override {
    probed.push_back(provider);
    fields_seen.clear();
    for (const auto& [name, value] : candidate) fields_seen.push_back(name);
    co_return verdict;
  }

  absl::StatusOr<AccountFacts> verdict = AccountFacts{};
  std::vector<Provider> probed;
  std::vector<std::string> fields_seen;  // Of the last probe.
};

}  // namespace latchkey::keyvault
