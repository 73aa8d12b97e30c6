// CarrierDoor: what carriers reach over HTTP: streams and status callbacks.
#pragma once

#include <string>

#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "lib/base/metrics.h"
#include "lib/http/server.h"
#include "lib/rpc/client.h"
#include "services/media/adapters/inbound_door.h"
#include "services/media/adapters/switchboard.h"

namespace latchkey::media {

//   GET  /m/<instance>/<token>             a media stream; once for each token
//   POST /m/<instance>/<call_id>/dialed    what became of a transfer; the answer is TwiML
//   POST /carrier/twilio/<call_id>/status  a status callback, which dialer verifies
//   POST /carrier/twilio/inbound           somebody calls one of our numbers
//   POST /carrier/twilio/inbound/status    a status callback of such a call
//
// Nothing of a callback is believed before dialer has said that the carrier signed it. Lives on the
// host's io thread.
class CarrierDoor final : public http::Handler {
 public:
  CarrierDoor(Switchboard& switchboard, rpc::Client<dialer::v1::Dialer>& dialer,
              InboundDoor& inbound, const Addresses& addresses);

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  Task<void> TakeStream(const http::ServerRequest& request, http::Responder& responder);
  Task<int> TakeCallback(const http::ServerRequest& request);
  Task<http::Response> TakeDialed(const http::ServerRequest& request);
  // Asks dialer whether the carrier signed the callback; `call_id` is "" where its URL names none.
  Task<absl::StatusOr<dialer::v1::ReportCarrierEventResponse>> Verify(
      const http::ServerRequest& request, const std::string& call_id, const http::Form& form);
  void Follow(const std::string& call_id, const http::Form& form);

  Switchboard& switchboard_;
  rpc::Client<dialer::v1::Dialer>& dialer_;
  InboundDoor& inbound_;
  const Addresses& addresses_;
  metrics::Counter& strange_streams_;
};

}  // namespace latchkey::media
