#include "sandbox/carrier/exotel/flow.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "sandbox/carrier/exotel/numbers.h"

namespace latchkey::sandbox::exotel {
namespace {

absl::Status NoStreamUrl() {
  return Error(absl::StatusCode::kUnavailable, "no_stream_url",
               "The Voicebot applet's endpoint should answer {\"url\":\"wss://…\"}.");
}

}  // namespace

Flow::Flow(const CallSurroundings& surroundings, http::Client& client, const ExotelCall& call)
    : surroundings_(surroundings), client_(client), call_(call) {}

// EndTime is always the epoch, as India's clocks showed it.
http::Form Flow::Parameters() const {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const bool local = scenario->quirks.exotel.local_numbers;
  const std::string& customer = call_.order.customer;
  const std::string from = local ? ToLocal(customer) : customer;
  const std::string to = ToLocal(call_.order.exophone);
  http::Form form = {{"CallSid", call_.sid},
                     {"CallFrom", from},
                     {"CallTo", to},
                     {"From", from},
                     {"To", to},
                     {"CallStatus", std::string(Text(call_.status))},
                     {"Direction", "outbound-dial"},
                     {"Created", ToText(call_.created)},
                     {"StartTime", ToText(call_.created)},
                     {"EndTime", "1970-01-01 05:30:00"},
                     {"CurrentTime", ToText(surroundings_.clock.Now())},
                     {"CallType", "completed"},
                     {"DialCallDuration", "0"},
                     {"CustomField", call_.order.custom_field},
                     {"flow_id", call_.order.flow->app_id},
                     {"tenant_id", call_.account_sid}};
  if (!call_.digits.empty()) form.Add("digits", fmt::format("\"{}\"", call_.digits));
  return form;
}

Task<absl::StatusOr<http::Response>> Flow::Get(std::string url, http::Form query) {
  const char* const joint = url.find('?') == std::string::npos ? "?" : "&";
  absl::StatusOr<http::Url> parsed = http::Url::Parse(url + joint + query.Encode());
  if (!parsed.ok()) co_return parsed.status();
  const http::Request request("GET", *parsed);
  http::Limits limits;
  limits.total = absl::Seconds(15);
  co_return co_await client_.Send(request, limits);
}

Task<bool> Flow::Before() {
  const std::string& url = call_.order.flow->passthru;
  if (url.empty()) co_return true;
  http::Form parameters = Parameters();
  absl::StatusOr<http::Response> response = co_await Get(url, std::move(parameters));
  if (!response.ok()) log::Warn("passthru not reached", {{"error", response.status()}});
  co_return response.ok() && response->status == 200;
}

Task<absl::StatusOr<std::string>> Flow::StreamAddress() {
  const std::string& url = call_.order.flow->voicebot;
  if (!url.starts_with("http")) co_return url;
  http::Form parameters = Parameters();
  absl::StatusOr<http::Response> response = co_await Get(url, std::move(parameters));
  if (!response.ok()) co_return response.status();
  boost::system::error_code failed;
  const boost::json::value body = boost::json::parse(response->body, failed);
  if (failed || !body.is_object()) co_return NoStreamUrl();
  const boost::json::value* const found = body.get_object().if_contains("url");
  if (response->status != 200 || found == nullptr || !found->is_string()) co_return NoStreamUrl();
  co_return std::string(found->get_string().c_str());
}

Task<void> Flow::After(StreamResult result) {
  const std::string& url = call_.order.flow->passthru_after;
  if (url.empty()) co_return;
  http::Form parameters = Parameters();
  parameters.Add("Stream[StreamSID]", result.stream_sid);
  parameters.Add("Stream[Status]", result.status);
  parameters.Add("Stream[Duration]", fmt::to_string(absl::ToInt64Seconds(result.duration)));
  parameters.Add("Stream[StreamUrl]", result.url);
  parameters.Add("Stream[DisconnectedBy]", result.disconnected_by);
  absl::StatusOr<http::Response> response = co_await Get(url, std::move(parameters));
  if (!response.ok()) log::Warn("passthru not reached", {{"error", response.status()}});
}

}  // namespace latchkey::sandbox::exotel
