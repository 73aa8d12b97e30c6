// Router: gives each request to the stand-in whose path it names.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/http/server.h"

namespace latchkey::sandbox {

// The providers' paths do not clash, so one server stands in for all of them.
class Router final : public http::Handler {
 public:
  // Requests whose path is `prefix`, or continues it after a slash, go to `handler`, which outlives
  // the router. The longest prefix wins.
  void Add(std::string prefix, http::Handler& handler);

  // A path that nobody has: 404.
  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  http::Handler* Find(std::string_view path) const;

  std::vector<std::pair<std::string, http::Handler*>> routes_;
};

}  // namespace latchkey::sandbox
