#include "sandbox/scenario/accounts.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

ExotelFlow ReadFlow(const boost::json::value& value, std::string place, absl::Status& error) {
  ExotelFlow flow;
  Fields fields(value, std::move(place), error);
  fields.Text("app_id", flow.app_id);
  fields.Text("passthru", flow.passthru);
  fields.Text("passthru_after", flow.passthru_after);
  fields.Text("voicebot", flow.voicebot);
  fields.Finish();
  return flow;
}

}  // namespace

TwilioAccount ReadTwilioAccount(const boost::json::value& value, absl::Status& error) {
  TwilioAccount account;
  Fields fields(value, "twilio", error);
  fields.Text("account_sid", account.account_sid);
  fields.Text("auth_token", account.auth_token);
  fields.Text("friendly_name", account.friendly_name);
  fields.Text("type", account.type);
  fields.Text("status", account.status);
  fields.Texts("numbers", account.numbers);
  fields.Texts("verified_numbers", account.verified_numbers);
  fields.Texts("allowed_codes", account.allowed_codes);
  fields.Finish();
  return account;
}

ExotelAccount ReadExotelAccount(const boost::json::value& value, absl::Status& error) {
  ExotelAccount account;
  Fields fields(value, "exotel", error);
  fields.Text("sid", account.sid);
  fields.Text("api_key", account.api_key);
  fields.Text("auth_token", account.auth_token);
  fields.Text("friendly_name", account.friendly_name);
  fields.Text("status", account.status);
  fields.Text("region", account.region);
  if (account.region != "sg" && account.region != "in") {
    fields.Fail("region", "should be sg or in");
  }
  fields.Texts("numbers", account.numbers);
  fields.Texts("dnd_numbers", account.dnd_numbers);
  fields.Bool("kyc", account.kyc);
  fields.Bool("streams", account.streams);
  fields.Number("streams_max", account.streams_max);
  fields.Number("requests_per_minute", account.requests_per_minute);
  fields.Text("balance", account.balance);
  fields.ForEach("flows", [&](const boost::json::value& item, std::string place) {
    account.flows.push_back(ReadFlow(item, std::move(place), error));
  });
  fields.Finish();
  return account;
}

}  // namespace latchkey::sandbox
