#include "sandbox/router.h"

namespace latchkey::sandbox {

void Router::Add(std::string prefix, http::Handler& handler) {
  routes_.emplace_back(std::move(prefix), &handler);
}

http::Handler* Router::Find(std::string_view path) const {
  http::Handler* found = nullptr;
  size_t longest = 0;
  for (const auto& [prefix, handler] : routes_) {
    if (!path.starts_with(prefix) || prefix.size() <= longest) continue;
    const bool whole = path.size() == prefix.size() || path[prefix.size()] == '/';
    if (!whole) continue;
    found = handler;
    longest = prefix.size();
  }
  return found;
}

Task<void> Router::Handle(const http::ServerRequest& request, http::Responder& responder) {
  http::Handler* const handler = Find(request.parsed.path);
  if (handler != nullptr) {
    co_await handler->Handle(request, responder);
    co_return;
  }
  http::Response response;
  response.status = 404;
  response.headers = {{"content-type", "text/plain"}};
  response.body = "The sandbox stands in for nothing at this path.\n";
  absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();  // Who is gone needs no answer.
}

}  // namespace latchkey::sandbox
