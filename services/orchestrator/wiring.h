// What orchestrator is made of.
#pragma once

#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"
#include "lib/pg/pool.h"
#include "lib/rpc/host.h"
#include "services/orchestrator/adapters/disk_recordings.h"
#include "services/orchestrator/adapters/grpc_key_catalogue.h"
#include "services/orchestrator/adapters/grpc_numbers.h"
#include "services/orchestrator/adapters/grpc_service.h"
#include "services/orchestrator/adapters/grpc_tenant_events.h"
#include "services/orchestrator/adapters/grpc_tools.h"
#include "services/orchestrator/adapters/guarded_client.h"
#include "services/orchestrator/adapters/https_tool_endpoint.h"
#include "services/orchestrator/adapters/postgres_api_key_store.h"
#include "services/orchestrator/adapters/postgres_call_event_store.h"
#include "services/orchestrator/adapters/postgres_number_store.h"
#include "services/orchestrator/adapters/postgres_tenant_event_store.h"
#include "services/orchestrator/adapters/postgres_tenant_store.h"
#include "services/orchestrator/adapters/request_signer.h"
#include "services/orchestrator/adapters/sha256_api_key_mint.h"
#include "services/orchestrator/domain/call_log.h"
#include "services/orchestrator/domain/event_retention.h"
#include "services/orchestrator/domain/number_keys.h"
#include "services/orchestrator/domain/numbers.h"
#include "services/orchestrator/domain/onboarding.h"
#include "services/orchestrator/domain/tenant_events.h"
#include "services/orchestrator/domain/tenants.h"
#include "services/orchestrator/domain/tool_runs.h"

namespace latchkey::orchestrator {

class Service {
 public:
  Service(const Config& config, rpc::Host& host);

 private:
  Task<void> Drain();

  SystemClock clock_;
  SystemRandom random_;
  pg::Pool pool_;
  PostgresTenantStore tenant_store_{pool_};
  PostgresApiKeyStore api_key_store_{pool_};
  PostgresNumberStore number_store_{pool_};
  PostgresCallEventStore event_store_{pool_};
  PostgresTenantEventStore tenant_event_store_{pool_};
  Sha256ApiKeyMint mint_{random_};
  GrpcKeyCatalogue keys_;
  DiskRecordings recordings_;

  Tenants tenants_{tenant_store_, api_key_store_, mint_, clock_, random_};
  Numbers numbers_{number_store_, tenant_store_, clock_, random_};
  Onboarding onboarding_{tenant_store_, keys_};
  CallLog call_log_{event_store_, recordings_, clock_};
  TenantEvents tenant_events_{tenant_event_store_};
  GrpcTenantEvents grpc_events_{tenant_events_};
  KeyvaultSigner signer_;
  GuardedClient tool_client_;
  HttpsToolEndpoint tool_endpoint_{tool_client_, signer_, clock_};
  ToolRuns tool_runs_{number_store_, tool_endpoint_};
  GrpcTools grpc_tools_{tool_runs_};
  NumberKeys number_keys_{number_store_, tenant_store_, keys_};
  GrpcService grpc_{tenants_, onboarding_, call_log_};
  GrpcNumbers grpc_numbers_{numbers_, number_keys_};
  EventRetention event_retention_;
  Group loops_;
};

}  // namespace latchkey::orchestrator
