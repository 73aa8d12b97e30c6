// TwimlSource: where the documents of one call come from: its order, its URL, a redirect, the API.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/http/client.h"
#include "sandbox/carrier/surroundings.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/carrier/twilio/twiml.h"

namespace latchkey::sandbox::twilio {

using Document = std::vector<Verb>;

// What became of a <Dial>.
struct DialEnd {
  DialEnd(std::string its_action, std::string its_sid, CallStatus its_status)
      : action(std::move(its_action)), sid(std::move(its_sid)), status(its_status) {}

  std::string action;    // Who is told: an https URL.
  std::string sid;       // Of the call that it made.
  CallStatus status;     // Of that call, at its end.
  bool hung_up = false;  // The person did, so that nothing more is performed.
};

class TwimlSource {
 public:
  // All arguments outlive it.
  TwimlSource(const CallSurroundings& surroundings, http::Client& client, Call& call);

  // What the call begins with. Errors as ParseTwiml and http::Client, and
  //
  //   kUnavailable  twiml_11200  the URL, and its fallback, gave no 200
  Task<absl::StatusOr<Document>> First();
  // What the API or a <Redirect> has put in its place: `call.new_twiml` or `call.new_url` is set.
  Task<absl::StatusOr<Document>> Next();
  // What the <Dial>'s action gives when it is told of its end.
  Task<absl::StatusOr<Document>> AfterDial(DialEnd end);

 private:
  Task<absl::StatusOr<Document>> Fetch(std::string url, std::string method);
  Task<absl::StatusOr<Document>> Fetch(std::string url, std::string method, http::Form form);
  http::Request Ask(const http::Url& parsed, const std::string& url, const std::string& method,
                    const http::Form& form) const;

  const CallSurroundings& surroundings_;
  http::Client& client_;
  Call& call_;
};

}  // namespace latchkey::sandbox::twilio
