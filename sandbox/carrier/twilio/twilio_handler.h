// TwilioHandler: Twilio's REST API, /2010-04-01/Accounts/…, as far as calls need it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/http/server.h"
#include "sandbox/carrier/surroundings.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/carrier/twilio/call_runner.h"
#include "sandbox/carrier/twilio/number_book.h"

namespace latchkey::sandbox::twilio {

// Lives on the sandbox's io thread.
class TwilioHandler final : public http::Handler {
 public:
  explicit TwilioHandler(CallSurroundings surroundings);

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  // A person calls one of the account's numbers; returns the call's SID.
  //
  //   kInvalidArgument     bad_number      `from` is no number in E.164
  //   kNotFound            unknown_number  the account has no such number
  //   kFailedPrecondition  no_voice_url    nothing is set for what happens then
  absl::StatusOr<std::string> CallIn(const std::string& from, const std::string& to);

  // Ends everything that runs.
  Task<void> Stop() { return runner_.Stop(); }

 private:
  http::Response Answer(const http::ServerRequest& request);
  http::Response AnswerCalls(const http::ServerRequest& request);
  http::Response AnswerCall(const http::ServerRequest& request, std::string_view sid);
  http::Response AnswerNumber(const http::ServerRequest& request, std::string_view sid);
  http::Response PlaceCall(const http::ServerRequest& request);
  http::Response ListCalls(const http::Form& query) const;
  http::Response ModifyCall(Call& call, const http::Form& form);
  std::shared_ptr<Call> Start(CallOrder order);
  std::shared_ptr<Call> Find(std::string_view sid) const;
  // The number that a request is about; "" when it is about none.
  std::string WhoIn(const http::ServerRequest& request) const;
  // An order was carried out: does the scenario want its answer lost?
  bool LosesAnswer();

  CallSurroundings surroundings_;
  CallRunner runner_;
  NumberBook numbers_;
  std::shared_ptr<const Scenario> lost_of_;  // Whose answers are counted.
  int lost_ = 0;
};

}  // namespace latchkey::sandbox::twilio
