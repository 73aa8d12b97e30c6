// Flow: the applets around a stream: Passthru, and the address that a Voicebot applet asks for.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "sandbox/carrier/exotel/call.h"
#include "sandbox/carrier/surroundings.h"

namespace latchkey::sandbox::exotel {

// What became of a stream, for the Passthru after it.
struct StreamResult {
  std::string stream_sid, url;
  std::string status = "completed";      // "failed": the handshake did not come about.
  std::string disconnected_by = "user";  // "bot"
  absl::Duration duration;
};

class Flow {
 public:
  // All arguments outlive it; `call.order.flow` is set.
  Flow(const CallSurroundings& surroundings, http::Client& client, const ExotelCall& call);

  // Asks the Passthru before the stream. False: it answered 302, and the call ends.
  Task<bool> Before();
  // The stream's address: the applet's own, or what its http(s) endpoint answers in "url".
  //
  //   kUnavailable  no_stream_url  the endpoint gave none
  Task<absl::StatusOr<std::string>> StreamAddress();
  // Tells the Passthru after the stream how it went.
  Task<void> After(StreamResult result);

 private:
  Task<absl::StatusOr<http::Response>> Get(std::string url, http::Form query);
  http::Form Parameters() const;

  const CallSurroundings& surroundings_;
  http::Client& client_;
  const ExotelCall& call_;
};

}  // namespace latchkey::sandbox::exotel
