// RotationFixture: keyvault with the keys of many tenants, whose root key is to be replaced.
#pragma once

#include <map>
#include <string>

#include "tests/integration/keyvault/leasing_fixture.h"

namespace latchkey::keyvault {

class RotationFixture : public LeasingFixture {
 protected:
  explicit RotationFixture(std::vector<std::string> settings = {})
      : LeasingFixture(std::move(settings)) {}

  // "tnt_0", "tnt_1", …: each with an Anthropic key of its own.
  void SaveTenants(int count);
  static std::string KeyOf(int tenant);

  // Whether every one of them can lease its key, and it is the one that was saved.
  void ExpectEveryKeyIsLeased();

  // Replaces the ring's file, and waits until keyvault has taken it.
  void TakeRing(const std::string& current, const std::vector<std::string>& ids);
  std::string IntakeKeyId();

  absl::StatusOr<v1::RewrapResponse> Rewrap(v1::RewrapAction action);
  int64_t LeftCount() { return Rewrap(v1::REWRAP_ACTION_TELL)->left_count(); }
  absl::StatusOr<v1::RetireRootKeyResponse> Retire(const std::string& root_key);

  int tenants_ = 0;

 private:
  int calls_ = 0;
};

}  // namespace latchkey::keyvault
