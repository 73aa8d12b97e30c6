// ComposedStage: leases a call's keys and makes the parts of a composed call of them.
#pragma once

#include <memory>
#include <string>

#include "lib/http/client.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "services/media/adapters/key_leases.h"
#include "services/media/adapters/wav_recordings.h"
#include "services/media/carriers/twilio_leg.h"
#include "services/media/carriers/twilio_rest.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

// Where the third parties are, and where we are for the carrier.
struct Addresses {
  http::Url anthropic;
  http::Url cartesia;
  http::Url deepgram;
  http::Url twilio;
  http::Url public_url;
  std::string instance;  // "m1"
};

TwilioCallbacks CallbacksFor(const Addresses& addresses, const std::string& call_id,
                             const std::string& stream_token);

// Gives the carrier's stream of one call its way to the call.
class StreamDoor {
 public:
  virtual ~StreamDoor() = default;
  // A new one-time token for the call's stream.
  virtual std::string MakeToken(const std::string& call_id) = 0;
  // Its stream goes to `leg` from now on; null: to nobody.
  virtual void Bind(const std::string& call_id, TwilioLeg* leg) = 0;
};

// One for each io thread of calls, and used on it alone.
class ComposedStage final : public CallStage {
 public:
  struct Ports {
    Executor executor;
    http::TlsContext tls;
    http::Client& client;
    KeyLeases& leases;
    WavRecordings& recordings;
    StreamDoor& door;
    const Addresses& addresses;
  };

  explicit ComposedStage(Ports ports) : ports_(std::move(ports)) {}

  Task<absl::StatusOr<std::unique_ptr<CallParts>>> Open(const CallSpec& spec,
                                                        const Ticket& ticket) override;

 private:
  Ports ports_;
};

}  // namespace latchkey::media
