// What the keeping of root keys is made of; a part of keyvault's wiring.
#pragma once

#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/spawn.h"
#include "lib/pg/pool.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/adapters/grpc_root_keys.h"
#include "services/keyvault/adapters/postgres_root_key_store.h"
#include "services/keyvault/adapters/root_key_watch.h"
#include "services/keyvault/domain/rewrapper.h"
#include "services/keyvault/domain/root_keys.h"

namespace latchkey::keyvault {

// Reading it tells who knows whom. Everything that it is made from outlives it.
class RootKeyParts {
 public:
  RootKeyParts(const Config& config, const Executor& executor, pg::Pool& pool,
               const AuditChain& chain, Clock& clock, secret::KeyRing& ring,
               const secret::Envelope& envelope, IntakeParser& intake, KeyStore& keys)
      : store_(pool, chain),
        root_keys_(ring, intake, keys, store_),
        rewrapper_(ring, envelope, store_, clock, config.Integer("rewrap-rate")),
        grpc_(executor, root_keys_, store_, rewrapper_),
        watch_(config.Text("key-ring-file"), root_keys_, rewrapper_, clock) {}

  GrpcRootKeys& grpc() { return grpc_; }
  // What must hold before keyvault serves: RootKeys::Check().
  Task<absl::Status> Check() { return root_keys_.Check(); }
  Task<void> Watch() { return watch_.Run(); }
  Task<void> Stop() { return grpc_.Stop(); }

 private:
  PostgresRootKeyStore store_;
  RootKeys root_keys_;
  Rewrapper rewrapper_;
  GrpcRootKeys grpc_;
  RootKeyWatch watch_;
};

}  // namespace latchkey::keyvault
