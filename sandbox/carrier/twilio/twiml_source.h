// TwimlSource: where the documents of one call come from: its order, its URL, a redirect, the API.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/http/client.h"
#include "sandbox/carrier/surroundings.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/carrier/twilio/twiml.h"

namespace latchkey::sandbox::twilio {

using Document = std::vector<Verb>;

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

 private:
  Task<absl::StatusOr<Document>> Fetch(std::string url, std::string method);
  http::Request Ask(const http::Url& parsed, const std::string& url,
                    const std::string& method) const;

  const CallSurroundings& surroundings_;
  http::Client& client_;
  Call& call_;
};

}  // namespace latchkey::sandbox::twilio
