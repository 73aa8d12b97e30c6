// What revoking is made of; a part of keyvault's wiring.
#pragma once

#include <string>

#include "lib/base/spawn.h"
#include "lib/pg/pool.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/adapters/fallback_log.h"
#include "services/keyvault/adapters/grpc_revocations.h"
#include "services/keyvault/adapters/postgres_revocation_store.h"
#include "services/keyvault/adapters/revocation_feed.h"
#include "services/keyvault/domain/revoker.h"

namespace latchkey::keyvault {

// Reading it tells who knows whom.
class RevocationParts {
 public:
  RevocationParts(const Executor& executor, pg::Pool& pool, const AuditChain& chain,
                  std::string conninfo, const secret::Envelope& envelope, LeaseStore& leases,
                  LeaseGuard& guard)
      : store_(pool, chain),
        feed_(executor, std::move(conninfo), store_),
        revoker_(envelope, store_, leases, guard, log_) {}

  GrpcRevocations& grpc() { return grpc_; }
  void Start() { feed_.Start(); }
  Task<absl::Status> Sweep() { return store_.SweepRevocations(); }
  Task<void> Stop() { return feed_.Stop(); }

 private:
  PostgresRevocationStore store_;
  RevocationFeed feed_;
  FallbackLog log_;
  Revoker revoker_;
  GrpcRevocations grpc_{revoker_, store_, feed_};
};

}  // namespace latchkey::keyvault
