// InboundDoor: takes a carrier's webhook, that somebody calls one of our numbers, and answers what
// becomes of the call.
#pragma once

#include <string>

#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "lib/base/clock.h"
#include "lib/base/metrics.h"
#include "lib/http/form.h"
#include "lib/http/server.h"
#include "lib/rpc/client.h"
#include "services/media/adapters/switchboard.h"
#include "services/media/domain/rate_limit.h"

namespace latchkey::media {

// Lives on the host's io thread.
class InboundDoor {
 public:
  // `incarnation` as in our heartbeats.
  InboundDoor(Switchboard& switchboard, rpc::Client<dialer::v1::Dialer>& dialer,
              const Addresses& addresses, std::string incarnation);

  // Nothing of the request is believed before dialer has said that the carrier signed it: a forged
  // one is answered with 403 and nothing else. Whoever really calls hears an agent or a sentence.
  Task<http::Response> Take(const http::ServerRequest& request);

 private:
  Task<http::Response> Answer(const http::ServerRequest& request);
  Task<http::Response> Admit(dialer::v1::AdmitInboundRequest ask);
  Task<absl::StatusOr<dialer::v1::AdmitInboundResponse>> Ask(
      const dialer::v1::AdmitInboundRequest& ask);
  absl::StatusOr<std::string> StartHere(const dialer::v1::InboundCall& run);
  http::Response Refuse(const std::string& reason);
  http::Response Fail(const absl::Status& why);

  Switchboard& switchboard_;
  rpc::Client<dialer::v1::Dialer>& dialer_;
  const Addresses& addresses_;
  const std::string incarnation_;
  SystemClock clock_;
  RateLimit limit_;
  int in_flight_ = 0;
  metrics::Counter& admitted_;
  metrics::Counter& refused_;
  metrics::Counter& forged_;
  metrics::Counter& failed_;
  metrics::Counter& limited_;
  metrics::Histogram& seconds_;
};

}  // namespace latchkey::media
