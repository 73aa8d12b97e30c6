// What keyvault is made of.
#pragma once

#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"
#include "lib/pg/pool.h"
#include "lib/rpc/host.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/adapters/grpc_prober.h"
#include "services/keyvault/adapters/grpc_service.h"
#include "services/keyvault/adapters/grpc_signing.h"
#include "services/keyvault/adapters/postgres_key_store.h"
#include "services/keyvault/adapters/postgres_lease_store.h"
#include "services/keyvault/adapters/postgres_probe_budget.h"
#include "services/keyvault/adapters/postgres_signing_secret_store.h"
#include "services/keyvault/audit_parts.h"
#include "services/keyvault/domain/carrier_verifier.h"
#include "services/keyvault/domain/intake.h"
#include "services/keyvault/domain/leases.h"
#include "services/keyvault/domain/signing_secrets.h"
#include "services/keyvault/domain/vault.h"
#include "services/keyvault/health_parts.h"
#include "services/keyvault/key_material.h"
#include "services/keyvault/revocation_parts.h"
#include "services/keyvault/root_key_parts.h"

namespace latchkey::keyvault {

class Service {
 public:
  Service(const Config& config, KeyMaterial material, rpc::Host& host);

  // Before host.Run(): waits for Postgres, up to half a minute, makes sure that the key ring opens
  // the keys that are there, and begins to sweep. An error is a sentence for the operator: keyvault
  // must not serve.
  absl::Status Prepare();

 private:
  Task<absl::Status> CheckRootKey();
  Task<void> SweepUntilDrain();
  Task<void> Drain();

  rpc::Host& host_;
  KeyMaterial material_;  // Its ring is replaced when the ring's file changes.
  SystemClock clock_;
  SystemRandom random_;
  pg::Pool pool_;
  const AuditChain chain_{material_.ring};
  PostgresKeyStore keys_{pool_, chain_};
  PostgresLeaseStore lease_rows_{pool_, chain_};
  AuditParts audit_;
  PostgresProbeBudget probes_;
  GrpcProber prober_;
  const secret::Envelope envelope_{material_.ring};
  IntakeParser intake_{material_.ring};
  Vault vault_{envelope_,    intake_,          keys_,  prober_, probes_,
               audit_.log(), audit_.denials(), clock_, random_};
  Leases leases_;
  CarrierVerifier carriers_{envelope_, keys_};
  HealthParts health_;
  GrpcService grpc_{intake_, vault_, leases_, carriers_, health_.observations(), material_.dialer};
  PostgresSigningSecretStore signing_rows_{pool_, chain_};
  SigningSecrets signing_secrets_{envelope_, intake_, keys_, signing_rows_};
  GrpcSigning grpc_signing_{signing_secrets_};
  RevocationParts revocations_;
  RootKeyParts root_keys_;
  bool draining_ = false;
  Group loops_;
};

}  // namespace latchkey::keyvault
