// CallRoom: the calls of one io thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "lib/base/clock.h"
#include "lib/http/client.h"
#include "lib/http/server.h"
#include "services/media/adapters/call_event_log.h"
#include "services/media/adapters/leased_stage.h"
#include "services/media/domain/call.h"

namespace latchkey::media {

// Everything public may be called from any thread; it goes on on the room's own.
class CallRoom final : private StreamDoor, private CallStage {
 public:
  struct Ports {
    Executor executor;  // Of the room's thread.
    http::TlsContext tls;
    KeyLeases& leases;
    WavRecordings& recordings;
    CallReports& reports;
    CallEventLog& log;
    const Addresses& addresses;
    GrpcToolRunner::Client& orchestrator;
    // Told on the room's thread: a call's token is known; a call is over.
    std::function<void(const std::string& token, const std::string& call_id)> on_token;
    std::function<void(const std::string& call_id)> on_over;
  };

  explicit CallRoom(Ports ports);

  void Start(CallSpec spec, Ticket ticket);
  void End(std::string call_id, std::string reason);
  void LoseKeys(std::string call_id, std::string_view reason);  // One of domain/reasons.h.
  void OnCarrierState(std::string call_id, CarrierCall::State state);
  void OnTransferResult(std::string call_id, TransferResult result);
  void OpenStream(std::string call_id, std::unique_ptr<http::PendingUpgrade> upgrade);

 private:
  std::string MakeToken(const std::string& call_id) override;
  void Bind(const std::string& call_id, TwilioLeg* leg) override;
  // A call without keys takes no stream, so that the carrier goes on to its own apology at once.
  Task<absl::StatusOr<std::unique_ptr<CallParts>>> Open(const CallSpec& spec,
                                                        const Ticket& ticket) override;
  Task<void> Run(CallSpec spec, Ticket ticket);
  void With(std::string call_id, std::function<void(Call&)> act);

  Ports ports_;
  SystemClock clock_;
  http::Client client_;
  LeasedStage stage_;
  std::map<std::string, Call*> calls_;  // They live in their coroutines.
  std::map<std::string, TwilioLeg*> legs_;
  // Streams that came before their calls had their keys, one at most for each: an inbound call's.
  std::map<std::string, std::unique_ptr<http::PendingUpgrade>> early_;
  std::set<std::string> closed_;  // Calls that have no keys.
};

}  // namespace latchkey::media
