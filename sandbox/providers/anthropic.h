// Anthropic's stand-in: the Messages API, whole and streaming, and the list of models.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "lib/base/clock.h"
#include "lib/http/server.h"
#include "sandbox/providers/anthropic_limits.h"
#include "sandbox/providers/fault_player.h"
#include "sandbox/scenario/stage.h"

namespace latchkey::sandbox {

// POST /v1/messages and /v1/messages/count_tokens, GET /v1/models and /v1/models/{id}. What it says
// is the scenario's reply to what the user said last. Lives on the io thread; the clock and the
// stage outlive it.
class AnthropicProvider final : public http::Handler {
 public:
  AnthropicProvider(Clock& clock, Stage& stage) : clock_(clock), stage_(stage) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  // One request that was let in: whose it is, and what may still happen to it.
  struct Exchange {
    const http::ServerRequest& request;
    http::Responder& responder;
    FaultPlayer& faults;
    std::string key;
  };

  Task<void> Route(Exchange& exchange);
  Task<void> ServeMessages(Exchange& exchange);
  Task<void> ServeModels(Exchange& exchange);
  Task<void> SendStream(const boost::json::object& body, Exchange& exchange);
  Task<void> Send(http::Response response, Exchange& exchange);
  http::Response Refusal(const std::string& key, const Fault& fault);
  http::Response Refusal(const std::string& key, int status, std::string_view message);
  http::Response Json(const std::string& key, int status, const boost::json::object& body);
  // The headers of every answer: request id, organization and what the key may still ask for.
  http::Headers Standard(const std::string& key);
  std::string LastRequestId() const;

  Clock& clock_;
  Stage& stage_;
  AnthropicLimits limits_;
  int requests_ = 0;
};

}  // namespace latchkey::sandbox
