// TwilioNumbers: sets what Twilio does when one of an account's numbers is called.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/http/client.h"
#include "lib/http/form.h"
#include "lib/http/url.h"
#include "lib/secret/secret.h"

namespace latchkey::media {

// Where Twilio asks what becomes of a call, and where it tells of the end.
struct TwilioNumberUrls {
  std::string voice_url;
  std::string status_url;
};

http::Form ComposeTwilioNumber(const TwilioNumberUrls& urls);
// Twilio's name for `e164`, of a list of numbers; "" when it is not in it.
absl::StatusOr<std::string> FindTwilioNumber(std::string_view body, std::string_view e164);

// One account's. Lives on one io thread; client and token outlive it.
class TwilioNumbers {
 public:
  TwilioNumbers(http::Client& client, const http::Url& base, std::string account_sid,
                const Secret& auth_token)
      : client_(client),
        base_(base),
        account_sid_(std::move(account_sid)),
        auth_token_(auth_token) {}

  // May be repeated.
  //   kFailedPrecondition  number_not_owned     the account has no such number
  //   kFailedPrecondition  twilio_rejected_key  it rejects the key
  //   kFailedPrecondition  carrier_refused      `carrier_code`
  //   kUnavailable         carrier_unreachable  no answer
  Task<absl::Status> Configure(const std::string& e164, const TwilioNumberUrls& urls);

 private:
  http::Request Make(std::string method, std::string_view path, const http::Form& query) const;
  Task<absl::StatusOr<std::string>> Send(const http::Request& request);

  http::Client& client_;
  const http::Url base_;
  const std::string account_sid_;
  const Secret& auth_token_;
};

}  // namespace latchkey::media
