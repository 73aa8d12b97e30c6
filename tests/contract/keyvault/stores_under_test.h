// StoresUnderTest: keyvault's stores, fake or Postgres, and a way to let time pass for both.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "services/keyvault/domain/health_store.h"
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/revocation_store.h"
#include "services/keyvault/domain/root_key_store.h"
#include "services/keyvault/domain/signing_secret_store.h"

namespace latchkey::keyvault {

class StoresUnderTest {
 public:
  virtual ~StoresUnderTest() = default;

  virtual KeyStore& keys() = 0;
  virtual LeaseStore& leases() = 0;
  virtual RevocationStore& revocations() = 0;
  virtual RootKeyStore& root_keys() = 0;
  virtual SigningSecretStore& signing_secrets() = 0;
  virtual HealthStore& health() = 0;
  // How many events are on their way to tenants.
  virtual int CountEvents() = 0;
  // The stores' own clock.
  virtual absl::Time Now() = 0;
  virtual void LetPass(absl::Duration duration) = 0;
  // How many audit rows say this.
  virtual int CountAudit(AuditAction action, AuditOutcome outcome) = 0;

  boost::asio::io_context io{1};
};

// "fake" or "postgres".
std::unique_ptr<StoresUnderTest> MakeStores(std::string_view kind);

}  // namespace latchkey::keyvault
