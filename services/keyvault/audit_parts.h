// What auditing and guarding are made of; a part of keyvault's wiring.
#pragma once

#include <string>

#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/log.h"
#include "lib/pg/pool.h"
#include "services/keyvault/adapters/checkpoint_file.h"
#include "services/keyvault/adapters/grpc_audit.h"
#include "services/keyvault/adapters/lease_alarm_log.h"
#include "services/keyvault/adapters/postgres_audit_log.h"
#include "services/keyvault/adapters/postgres_freeze_store.h"
#include "services/keyvault/domain/auditor.h"
#include "services/keyvault/domain/lease_guard.h"

namespace latchkey::keyvault {

// Reading it tells who knows whom. Everything that it is made from outlives it.
class AuditParts {
 public:
  AuditParts(const Config& config, pg::Pool& pool, const AuditChain& chain, Clock& clock);

  AuditLog& log() { return log_; }
  DenialLog& denials() { return denials_; }
  LeaseGuard& guard() { return guard_; }
  GrpcAudit& grpc() { return grpc_; }

  // Every second, for ever, spawn it: learns what other replicas did, writes the counts of denials
  // down, and signs checkpoints when it is time. Cancelling ends it.
  Task<void> Run(LeaseStore& leases);
  // What must not wait for the next start: the last counts, the last checkpoint.
  Task<void> Finish();

 private:
  PostgresAuditLog log_;
  DenialLog denials_;
  PostgresFreezeStore frozen_;
  LeaseAlarmLog alarm_;
  LeaseGuard guard_;
  CheckpointFile checkpoints_;
  Auditor auditor_;
  GrpcAudit grpc_{auditor_, guard_};
  Clock& clock_;
  const absl::Duration checkpoint_interval_;
};

}  // namespace latchkey::keyvault
