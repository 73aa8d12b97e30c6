// FakeProber: a Prober whose verdict the test chooses.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

class FakeProber final : public Prober {
 public:
  Task<absl::StatusOr<AccountFacts>> Probe(Provider provider, const secret::KeyFields& candidate,
                                           const std::string& model) override {
    probed.push_back(provider);
    models.push_back(model);
    fields_seen.clear();
    for (const auto& [name, value] : candidate) fields_seen.push_back(name);
    const auto of_model = verdicts.find(model);
    if (of_model != verdicts.end()) co_return of_model->second;
    co_return verdict;
  }

  absl::StatusOr<AccountFacts> verdict = AccountFacts{};
  std::map<std::string, absl::StatusOr<AccountFacts>> verdicts;  // By model; they win.
  std::vector<Provider> probed;
  std::vector<std::string> models;       // Of each probe.
  std::vector<std::string> fields_seen;  // Of the last probe.
};

}  // namespace latchkey::keyvault
