// Twilio: reads the account, which needs SID and Auth Token together and says if it is active.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "services/validator/domain/ports.h"

namespace latchkey::validator {

// GET /2010-04-01/Accounts/{AC}.json. Its answer echoes the Auth Token, so the body is wiped and
// never logged.
class TwilioProber final : public Prober {
 public:
  // `base_url` without a slash at its end. The client outlives the prober.
  TwilioProber(http::Client& client, http::Url base_url);

  Task<absl::StatusOr<Verdict>> Probe(const Candidate& candidate) override;

 private:
  http::Client& client_;
  const http::Url base_url_;
};

// The rule: what an answer to the probe of `account_sid` says.
absl::StatusOr<Verdict> JudgeTwilio(const http::Response& response, std::string_view account_sid);

}  // namespace latchkey::validator
