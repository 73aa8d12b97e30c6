// ModelLists: /v1/models, which both Anthropic and OpenAI have.
#pragma once

#include "lib/http/server.h"
#include "sandbox/providers/openai.h"

namespace latchkey::sandbox {

// Who asks shows by its headers whom it means: OpenaiProvider::IsFor. Both outlive it.
class ModelLists final : public http::Handler {
 public:
  ModelLists(http::Handler& anthropic, http::Handler& openai)
      : anthropic_(anthropic), openai_(openai) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override {
    http::Handler& asked = OpenaiProvider::IsFor(request) ? openai_ : anthropic_;
    return asked.Handle(request, responder);
  }

 private:
  http::Handler& anthropic_;
  http::Handler& openai_;
};

}  // namespace latchkey::sandbox
