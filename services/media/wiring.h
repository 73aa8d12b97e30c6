// What media is made of.
#pragma once

#include <memory>
#include <string>

#include "lib/base/config.h"
#include "lib/http/server.h"
#include "lib/rpc/host.h"
#include "services/media/adapters/call_event_log.h"
#include "services/media/adapters/carrier_door.h"
#include "services/media/adapters/grpc_reports.h"
#include "services/media/adapters/grpc_service.h"
#include "services/media/adapters/heartbeat.h"
#include "services/media/adapters/inbound_door.h"
#include "services/media/adapters/io_threads.h"
#include "services/media/adapters/key_leases.h"
#include "services/media/adapters/number_setup.h"
#include "services/media/adapters/settler.h"
#include "services/media/adapters/switchboard.h"
#include "services/media/adapters/wav_recordings.h"

namespace latchkey::media {

// Ends the process with a sentence and code 2 when a setting cannot be used.
class Service {
 public:
  Service(const Config& config, rpc::Host& host);
  ~Service();

  // Where carriers reach us.
  int carrier_port() const;

 private:
  void AddRooms();
  void ListenToCarriers(const Config& config);
  Task<void> Begin(std::string advertised, std::string listen_host);
  Task<void> Drain();

  rpc::Host& host_;
  const Addresses addresses_;
  const http::TlsContext provider_tls_;
  const absl::Duration drain_timeout_;
  const std::string incarnation_;
  rpc::Client<dialer::v1::Dialer> dialer_;
  rpc::Client<orchestrator::v1::Orchestrator> orchestrator_;
  KeyLeases::Client keyvault_;
  GrpcReports reports_{dialer_};
  CallEventLog events_;
  WavRecordings recordings_;
  Switchboard switchboard_;
  KeyLeases leases_;
  IoThreads threads_;
  http::Client http_;
  Settler settler_{http_, leases_, recordings_, reports_, events_, addresses_};
  NumberSetup setup_{http_, leases_, addresses_};
  GrpcService grpc_{switchboard_, settler_, setup_, addresses_};
  InboundDoor inbound_{switchboard_, dialer_, addresses_, incarnation_};
  CarrierDoor door_{switchboard_, dialer_, inbound_, addresses_};
  Heartbeat heartbeat_;
  std::unique_ptr<http::Server> carrier_server_;
  Group loops_;
  Group event_loop_;
};

}  // namespace latchkey::media
