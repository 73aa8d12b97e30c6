// FakeRootKeyStore: RootKeyStore in memory, over a FakeKeyStore's tenants.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "services/keyvault/domain/root_key_store.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/fake_revocation_store.h"

namespace latchkey::keyvault {

class FakeRootKeyStore final : public RootKeyStore {
 public:
  // Both outlive it.
  FakeRootKeyStore(FakeKeyStore& keys, FakeRevocationStore& revocations)
      : keys_(keys), revocations_(revocations) {}

  Task<absl::StatusOr<std::vector<RootKeyRows>>> CountByRootKey() override;
  Task<absl::StatusOr<std::vector<WrappedKey>>> ListForeign(const std::string& current,
                                                            const std::string& after,
                                                            int limit) override;
  Task<absl::StatusOr<bool>> Replace(const WrappedKey& old, const std::string& fresh,
                                     const Actor& actor) override;
  Task<absl::StatusOr<int64_t>> Retire(const std::string& root_key_id, const Actor& actor) override;
  Task<absl::StatusOr<bool>> IsRetired(const std::string& root_key_id) override;
  Task<absl::StatusOr<Shredded>> Shred(const TenantId& tenant, const Actor& actor) override;

  absl::Status failure;      // When it is an error, every method returns it.
  int replaces_to_fail = 0;  // So many replacements find Postgres away.
  int replaced = 0;

 private:
  FakeKeyStore& keys_;
  FakeRevocationStore& revocations_;
};

}  // namespace latchkey::keyvault
