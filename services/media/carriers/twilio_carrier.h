// TwilioCarrier: places and ends calls over Twilio's REST API.
#pragma once

#include <string>

#include "lib/http/client.h"
#include "lib/http/url.h"
#include "lib/secret/secret.h"
#include "services/media/carriers/twilio_rest.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

// One account's. Lives on one io thread; client and token outlive it.
class TwilioCarrier final : public Carrier {
 public:
  TwilioCarrier(http::Client& client, const http::Url& base, std::string account_sid,
                const Secret& auth_token, TwilioCallbacks callbacks);

  Task<absl::StatusOr<std::string>> Place(const CallSpec& spec) override;
  Task<absl::StatusOr<std::string>> FindPlaced(const std::string& from, const std::string& to,
                                               absl::Time not_before) override;
  Task<absl::StatusOr<CarrierCall>> Fetch(const std::string& carrier_call_id) override;
  Task<absl::Status> HangUp(const std::string& carrier_call_id) override;
  Task<absl::Status> SayAndHangUp(const std::string& carrier_call_id,
                                  const std::string& text) override;
  Task<absl::Status> Transfer(const std::string& carrier_call_id,
                              const TransferOrder& order) override;

 private:
  http::Request Make(std::string method, std::string_view path, const http::Form& query) const;
  Task<absl::StatusOr<http::Response>> Send(const http::Request& request);
  Task<absl::Status> Change(const std::string& carrier_call_id, const http::Form& form);

  http::Client& client_;
  const http::Url base_;
  const std::string account_sid_;
  const Secret& auth_token_;
  const TwilioCallbacks callbacks_;
};

}  // namespace latchkey::media
