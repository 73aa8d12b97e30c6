// Switchboard: the one TLS address of a load run, at which all providers and the carrier answer.
#pragma once

#include <memory>
#include <string>

#include "bench/load/traffic.h"
#include "lib/base/spawn.h"
#include "lib/http/client.h"
#include "lib/http/server.h"

namespace latchkey::bench {

// Plays as little of each protocol as a call needs, so that it costs less than what it measures;
// the sandbox is the one that plays them to the letter. Lives on one io thread.
class Switchboard final : public http::Handler {
 public:
  Switchboard(Executor executor, http::TlsContext tls, Traffic& traffic);

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  // A call that connects to `stream_url` at once, as the relay's runs need it.
  void Dial(const http::Url& stream_url);

  // Returns when every leg has ended; `traffic.stopping` makes them.
  Task<void> Join() { return group_.Join(); }

 private:
  Task<void> PlaceCall(const http::ServerRequest& request, http::Responder& responder);
  Task<void> RunCall(http::Url stream_url, std::string call_sid, std::string callback);

  Executor executor_;
  http::TlsContext tls_;
  Traffic& traffic_;
  http::Client client_;
  Group group_;
  int calls_ = 0;
};

}  // namespace latchkey::bench
