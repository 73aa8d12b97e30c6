// FakeKeyCatalogue: a tenant's keys as a test wants them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "services/orchestrator/domain/ports.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {

class FakeKeyCatalogue final : public KeyCatalogue {
 public:
  Task<absl::StatusOr<std::vector<SavedKey>>> List(const TenantId&) override {
    if (reachable) co_return keys;
    co_return Error(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable, "Away.");
  }

  Task<absl::StatusOr<std::map<NumberId, std::string>>> ListNumberKeys(const TenantId&) override {
    if (reachable) co_return number_keys;
    co_return Error(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable, "Away.");
  }

  void Save(Provider provider, bool valid = true) {
    std::erase_if(keys, [provider](const SavedKey& key) { return key.provider == provider; });
    keys.push_back({provider, valid, "...1234", absl::FromUnixSeconds(1'790'000'000)});
  }

  std::vector<SavedKey> keys;
  std::map<NumberId, std::string> number_keys;
  bool reachable = true;
};

}  // namespace latchkey::orchestrator
