// TwilioHandler: Twilio's REST API, /2010-04-01/Accounts/…, as far as calls need it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/http/server.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/carrier/twilio/call_runner.h"
#include "sandbox/carrier/twilio/rest_error.h"

namespace latchkey::sandbox::twilio {

// Lives on the sandbox's io thread.
class TwilioHandler final : public http::Handler {
 public:
  // Calls that have ended are kept until there are more than this.
  static constexpr size_t kCallsMax = 10'000;
  // Their recordings are kept for the last few only: a minute takes a megabyte.
  static constexpr size_t kRecordingsMax = 20;

  explicit TwilioHandler(CallSurroundings surroundings);

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  // Ends everything that runs.
  Task<void> Stop() { return runner_.Stop(); }

  // For the sandbox's own endpoint: what the callees' ears measured, oldest first.
  std::string JudgedCallsJson() const;
  // The WAV of a call that was answered; "" if there is none.
  std::string Recording(std::string_view call_sid) const;

 private:
  http::Response Answer(const http::ServerRequest& request);
  http::Response AnswerCalls(const http::ServerRequest& request);
  http::Response AnswerCall(const http::ServerRequest& request, std::string_view sid);
  http::Response PlaceCall(const http::ServerRequest& request);
  http::Response ListCalls(const http::Form& query) const;
  http::Response ListNumbers(const http::Form& query) const;
  http::Response ShowAccount() const;
  http::Response ModifyCall(Call& call, const http::Form& form);
  RestError CheckCredentials(const http::ServerRequest& request) const;
  void Forget();

  CallSurroundings surroundings_;
  CallRunner runner_;
  std::map<std::string, std::shared_ptr<Call>, std::less<>> by_sid_;
  std::vector<std::shared_ptr<Call>> calls_;  // Oldest first. Shared with the runner.
};

}  // namespace latchkey::sandbox::twilio
