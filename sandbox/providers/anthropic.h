// Anthropic's stand-in: the Messages API, whole and streaming, and the list of models.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "lib/base/clock.h"
#include "lib/http/server.h"
#include "sandbox/scenario/stage.h"

namespace latchkey::sandbox {

// POST /v1/messages and GET /v1/models. What it says is the scenario's reply to what the user said
// last. Lives on the io thread; the clock and the stage outlive it.
class AnthropicProvider final : public http::Handler {
 public:
  AnthropicProvider(Clock& clock, Stage& stage) : clock_(clock), stage_(stage) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  // True when the request was dealt with: a bad key, or a fault.
  Task<bool> Intervene(const http::ServerRequest& request, http::Responder& responder);
  Task<void> Refuse(int status, std::string type, std::string message, http::Responder& responder);
  Task<void> ServeMessages(const http::ServerRequest& request, http::Responder& responder);
  Task<void> ServeModels(http::Responder& responder);
  Task<void> SendWhole(const boost::json::object& body, http::Responder& responder);
  Task<void> SendStream(const boost::json::object& body, http::Responder& responder);
  // False when the client has gone, or a fault has ended the stream.
  Task<bool> SendText(const std::string& text, http::Responder& responder);
  Task<bool> MidStream(http::Responder& responder);

  Clock& clock_;
  Stage& stage_;
};

}  // namespace latchkey::sandbox
