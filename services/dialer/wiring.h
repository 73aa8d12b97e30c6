// What dialer is made of.
#pragma once

#include <memory>

#include "latchkey/billing/v1/billing.grpc.pb.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/random.h"
#include "lib/pg/outbox.h"
#include "lib/pg/pool.h"
#include "lib/rpc/client.h"
#include "lib/rpc/host.h"
#include "services/dialer/adapters/ed25519_ticket_signer.h"
#include "services/dialer/adapters/grpc_billing.h"
#include "services/dialer/adapters/grpc_directory.h"
#include "services/dialer/adapters/grpc_media.h"
#include "services/dialer/adapters/grpc_service.h"
#include "services/dialer/adapters/grpc_vault.h"
#include "services/dialer/adapters/postgres_call_store.h"
#include "services/dialer/adapters/postgres_dnc_list.h"
#include "services/dialer/adapters/postgres_fleet_store.h"
#include "services/dialer/domain/admit_inbound.h"
#include "services/dialer/domain/configure_number.h"
#include "services/dialer/domain/settlement.h"

namespace latchkey::dialer {

class Service {
 public:
  // kFailedPrecondition `key_file_unusable` or `zones_missing`.
  static absl::StatusOr<std::unique_ptr<Service>> Make(const Config& config, rpc::Host& host);

 private:
  Service(const Config& config, rpc::Host& host, secret::SigningKey key, phone::Zones zones);
  void Serve(rpc::Host& host);
  Task<void> Stop();

  SystemClock clock_;
  SystemRandom random_;
  phone::LibphonenumberPlan plan_;
  phone::Zones zones_;
  rpc::Client<orchestrator::v1::Orchestrator> orchestrator_;
  rpc::Client<keyvault::v1::KeyVault> keyvault_;
  rpc::Client<billing::v1::Billing> billing_client_;
  pg::Pool pool_;
  GrpcDirectory directory_{orchestrator_};
  GrpcVault vault_{keyvault_};
  GrpcBilling billing_{billing_client_};
  GrpcMedia media_;
  Ed25519TicketSigner signer_;
  pg::OutboxRelay relay_;
  PostgresCallStore store_;
  PostgresFleetStore fleet_{pool_};
  PostgresDncList dnc_{pool_};
  LineAdmission admission_{vault_, billing_, plan_};
  Handover handover_{store_, media_, signer_, clock_, random_};
  PlaceCall placing_;
  AdmitInbound admitting_;
  ConfigureNumber configuring_{directory_, admission_, fleet_, media_, signer_, clock_, random_};
  LiveCalls live_{store_, fleet_, media_, vault_, clock_};
  Settlement settlement_;
  GrpcService grpc_{placing_, admitting_, configuring_, live_, fleet_, dnc_, clock_};
};

}  // namespace latchkey::dialer
