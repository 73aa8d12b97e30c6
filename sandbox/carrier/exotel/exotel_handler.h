// ExotelHandler: Exotel's v1 REST API, /v1/Accounts/…, as far as calls need it.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "lib/http/server.h"
#include "sandbox/carrier/exotel/answer.h"
#include "sandbox/carrier/exotel/call.h"
#include "sandbox/carrier/exotel/call_runner.h"
#include "sandbox/carrier/surroundings.h"

namespace latchkey::sandbox::exotel {

// A path that begins with /in, or a Host of api.in.exotel.com, is the region "in"; all others are
// "sg". Lives on the sandbox's io thread.
class ExotelHandler final : public http::Handler {
 public:
  explicit ExotelHandler(CallSurroundings surroundings);

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  // Ends everything that runs.
  Task<void> Stop() { return runner_.Stop(); }

 private:
  // A request, taken to pieces.
  struct Asked {
    std::string_view method;
    std::string_view region;
    std::vector<std::string> path;  // After /v1/Accounts, without ".json".
    bool json = false;
    const http::Form& query;
    std::string_view body;
  };

  static Asked TakeApart(const http::ServerRequest& request);
  http::Response AnswerTo(const http::ServerRequest& request, const Asked& asked);
  http::Response AnswerAccount(const Asked& asked);
  http::Response PlaceCall(const Asked& asked);
  http::Response ShowCall(const Asked& asked) const;
  http::Response ListCalls(const Asked& asked) const;
  RestException CheckCredentials(const http::ServerRequest& request, const Asked& asked) const;
  // How many seconds until another order is taken; 0 if one is now.
  int OverLimit(int per_minute);
  int OpenStreams() const;
  std::string WhoIn(const Asked& asked) const;
  std::shared_ptr<ExotelCall> Find(std::string_view sid) const;

  CallSurroundings surroundings_;
  CallRunner runner_;
  std::deque<absl::Time> orders_;  // Of the last minute.
};

}  // namespace latchkey::sandbox::exotel
