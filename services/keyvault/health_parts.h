// What the health of keys is made of; a part of keyvault's wiring.
#pragma once

#include <algorithm>

#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/random.h"
#include "lib/pg/outbox.h"
#include "lib/pg/pool.h"
#include "lib/rpc/host.h"
#include "services/keyvault/adapters/grpc_events.h"
#include "services/keyvault/adapters/grpc_health.h"
#include "services/keyvault/adapters/postgres_health_store.h"
#include "services/keyvault/domain/checkups.h"
#include "services/keyvault/domain/observations.h"

namespace latchkey::keyvault {

// What it takes of keyvault's other parts, which outlive it.
struct HealthNeeds {
  pg::Pool& pool;
  const AuditChain& chain;
  const secret::Envelope& envelope;
  KeyStore& keys;
  Prober& prober;
  ProbeBudget& probes;
  AuditLog& log;
  DenialLog& denials;
  Clock& clock;
  Random& random;
};

// Reading it tells who knows whom.
class HealthParts {
 public:
  HealthParts(const Config& config, rpc::Host& host, const HealthNeeds& needs)
      : rule_(std::max(config.Duration("revalidate-interval"), kIntervalMin)),
        events_(host.peers(), config.Text("orchestrator")),
        relay_(host.io().get_executor(), needs.pool, events_, pg::OutboxOptions()),
        store_(needs.pool, needs.chain, needs.random, [this] { relay_.Wake(); }),
        observations_(store_, needs.clock, rule_),
        checkups_(host.io().get_executor(),
                  CheckupPorts{needs.envelope, needs.keys, store_, needs.prober, needs.probes,
                               needs.log, needs.denials, needs.clock, needs.random},
                  rule_, config.Integer("revalidate-rate")) {}

  GrpcHealth& grpc() { return grpc_; }
  Observations& observations() { return observations_; }
  void Start() {
    relay_.Start();
    checkups_.Start();
  }
  Task<void> Stop() {
    co_await checkups_.Stop();
    co_await relay_.Stop();
  }

 private:
  // Nobody probes keys all the time by a mistyped setting.
  static constexpr absl::Duration kIntervalMin = absl::Minutes(1);

  const HealthRule rule_;
  GrpcEvents events_;
  pg::OutboxRelay relay_;
  PostgresHealthStore store_;
  Observations observations_;
  Checkups checkups_;
  GrpcHealth grpc_{checkups_};
};

}  // namespace latchkey::keyvault
