// What a stage makes a call's parts of.
#pragma once

#include <string>

#include "lib/http/client.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "services/media/adapters/grpc_tool_runner.h"
#include "services/media/adapters/key_leases.h"
#include "services/media/adapters/wav_recordings.h"
#include "services/media/carriers/twilio_leg.h"
#include "services/media/carriers/twilio_rest.h"

namespace latchkey::media {

// Where the third parties are, and where we are for the carrier.
struct Addresses {
  http::Url anthropic;
  http::Url cartesia;
  http::Url deepgram;
  http::Url openai;
  http::Url twilio;
  http::Url public_url;
  std::string instance;  // "m1"
};

// What our carrier server has besides calls' own addresses.
inline constexpr std::string_view kInboundPath = "/carrier/twilio/inbound";
inline constexpr std::string_view kInboundStatusPath = "/carrier/twilio/inbound/status";

// Where the carrier opens the stream of the call that the token is for.
std::string StreamUrl(const Addresses& addresses, const std::string& stream_token);
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

struct StagePorts {
  Executor executor;
  http::TlsContext tls;
  http::Client& client;
  KeyLeases& leases;
  WavRecordings& recordings;
  StreamDoor& door;
  const Addresses& addresses;
  GrpcToolRunner::Client& orchestrator;  // Runs tools.
};

}  // namespace latchkey::media
