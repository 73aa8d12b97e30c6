#include "sandbox/carrier/twilio/twilio_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "sandbox/carrier/twilio/base64.h"
#include "sandbox/carrier/twilio/list_filter.h"

namespace latchkey::sandbox::twilio {
namespace {

namespace json = boost::json;

http::Response Json(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", "application/json"}};
  response.body = std::move(body);
  return response;
}

RestError NotFound(const http::ServerRequest& request) {
  return {404, 20404, fmt::format("The requested resource {} was not found", request.parsed.path)};
}

// "AC….json" → "AC…"
std::string_view WithoutSuffix(std::string_view name) {
  constexpr std::string_view kSuffix = ".json";
  return name.ends_with(kSuffix) ? name.substr(0, name.size() - kSuffix.size()) : name;
}

}  // namespace

TwilioHandler::TwilioHandler(CallSurroundings surroundings)
    : surroundings_(surroundings), runner_(surroundings) {}

Task<void> TwilioHandler::Handle(const http::ServerRequest& request, http::Responder& responder) {
  Stage& stage = surroundings_.stage;
  const absl::Duration pause = stage.Draw(stage.scenario()->latencies.probe);
  co_await surroundings_.clock.Sleep(pause);

  const std::optional<Fault> fault = stage.NextFault(Provider::kTwilio, Fault::Moment::kConnect);
  if (fault && fault->kind == Fault::Kind::kHang)
    co_await surroundings_.clock.Sleep(absl::Hours(1));
  if (fault && fault->kind != Fault::Kind::kStatus) {
    responder.Abort();
    co_return;
  }
  http::Response response = fault ? ToResponse(FaultError(fault->status)) : Answer(request);
  // The order was carried out, but its answer is lost: the caller must not know.
  const bool placed = response.status == 201;
  if (placed && stage.NextFault(Provider::kTwilio, Fault::Moment::kMidStream)) {
    responder.Abort();
    co_return;
  }
  absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();  // Who is gone needs no answer.
}

http::Response TwilioHandler::Answer(const http::ServerRequest& request) {
  const std::vector<std::string>& path = request.parsed.segments;
  const RestError refused = CheckCredentials(request);
  if (refused.status != 0) return ToResponse(refused);
  const std::string_view account = path.size() > 2 ? WithoutSuffix(path[2]) : "";
  if (account != surroundings_.stage.scenario()->twilio.account_sid) {
    return ToResponse(NotFound(request));
  }
  if (path.size() == 3 && request.method == "GET") return ShowAccount();
  if (path.size() == 4 && path[3] == "Calls.json") return AnswerCalls(request);
  if (path.size() == 4 && path[3] == "IncomingPhoneNumbers.json" && request.method == "GET") {
    return ListNumbers(request.parsed.query);
  }
  if (path.size() == 5 && path[3] == "Calls") return AnswerCall(request, WithoutSuffix(path[4]));
  return ToResponse(NotFound(request));
}

RestError TwilioHandler::CheckCredentials(const http::ServerRequest& request) const {
  const TwilioAccount& account = surroundings_.stage.scenario()->twilio;
  constexpr std::string_view kBasic = "Basic ";
  const std::string_view header = request.headers.Get("authorization");
  std::optional<std::vector<uint8_t>> decoded;
  if (header.starts_with(kBasic)) decoded = DecodeBase64(header.substr(kBasic.size()));
  if (!decoded) return {401, 20003, "Authentication Error - No credentials provided"};
  const std::string credentials(decoded->begin(), decoded->end());
  if (!credentials.starts_with(account.account_sid + ":")) {
    return {401, 20003, "Authentication Error - invalid username"};
  }
  if (credentials != account.account_sid + ":" + account.auth_token) {
    return {401, 20003, "Authenticate"};
  }
  if (account.status == "closed") return {403, 20403, "Account is closed"};
  return {.status = 0, .code = 0, .message = ""};
}

http::Response TwilioHandler::ShowAccount() const {
  const TwilioAccount& account = surroundings_.stage.scenario()->twilio;
  const std::string uri = "/2010-04-01/Accounts/" + account.account_sid;
  const json::object body = {{"sid", account.account_sid},
                             {"friendly_name", account.friendly_name},
                             {"status", account.status},
                             {"type", account.type},
                             {"owner_account_sid", account.account_sid},
                             {"auth_token", account.auth_token},
                             {"date_created", "Sat, 01 Aug 2026 09:30:00 +0000"},
                             {"date_updated", "Sat, 01 Aug 2026 09:30:00 +0000"},
                             {"uri", uri + ".json"},
                             {"subresource_uris", {{"calls", uri + "/Calls.json"}}}};
  return Json(200, json::serialize(body));
}

http::Response TwilioHandler::ListNumbers(const http::Form& query) const {
  const TwilioAccount& account = surroundings_.stage.scenario()->twilio;
  json::array numbers;
  for (const std::string& number : account.numbers) {
    if (query.Has("PhoneNumber") && query.Get("PhoneNumber") != number) continue;
    numbers.push_back({{"sid", fmt::format("PN{:0>32}", number.substr(1))},
                       {"account_sid", account.account_sid},
                       {"phone_number", number},
                       {"friendly_name", number},
                       {"capabilities", {{"voice", true}, {"sms", false}, {"mms", false}}},
                       {"voice_url", nullptr}});
  }
  const std::string uri =
      fmt::format("/2010-04-01/Accounts/{}/IncomingPhoneNumbers.json", account.account_sid);
  const json::object body = {{"incoming_phone_numbers", std::move(numbers)},
                             {"page", 0},
                             {"page_size", 50},
                             {"uri", uri},
                             {"first_page_uri", uri + "?PageSize=50&Page=0"},
                             {"next_page_uri", nullptr}};
  return Json(200, json::serialize(body));
}

http::Response TwilioHandler::AnswerCalls(const http::ServerRequest& request) {
  if (request.method == "POST") return PlaceCall(request);
  if (request.method == "GET") return ListCalls(request.parsed.query);
  return ToResponse({405, 20004, "Method not allowed"});
}

http::Response TwilioHandler::PlaceCall(const http::ServerRequest& request) {
  const TwilioAccount& account = surroundings_.stage.scenario()->twilio;
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) return ToResponse({400, 20001, "The body is not a form"});
  CallOrder order;
  const RestError refused = CheckOrder(account, *form, order);
  if (refused.status != 0) return ToResponse(refused);

  const auto call = std::make_shared<Call>(MakeSid("CA", surroundings_.random), account.account_sid,
                                           std::move(order), surroundings_.clock.Now());
  calls_.push_back(call);
  by_sid_.emplace(call->sid, call);
  http::Response response = Json(201, ToJson(*call));
  runner_.Start(call);
  Forget();
  return response;
}

http::Response TwilioHandler::ListCalls(const http::Form& query) const {
  const CallFilter filter(query);
  std::string items;
  int count = 0;
  for (auto call = calls_.rbegin(); call != calls_.rend() && count < filter.page_size(); ++call) {
    if (!filter.Fits(**call)) continue;
    items += (count++ == 0 ? "" : ",") + ToJson(**call);
  }
  const std::string uri = fmt::format("/2010-04-01/Accounts/{}/Calls.json",
                                      surroundings_.stage.scenario()->twilio.account_sid);
  return Json(200, fmt::format(R"({{"calls":[{}],"page":0,"page_size":{},"uri":"{}",)"
                               R"("first_page_uri":"{}?PageSize={}&Page=0","next_page_uri":null}})",
                               items, filter.page_size(), uri, uri, filter.page_size()));
}

http::Response TwilioHandler::AnswerCall(const http::ServerRequest& request, std::string_view sid) {
  const auto found = by_sid_.find(sid);
  if (found == by_sid_.end()) return ToResponse(NotFound(request));
  if (request.method == "GET") return Json(200, ToJson(*found->second));
  if (request.method != "POST") return ToResponse({405, 20004, "Method not allowed"});
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) return ToResponse({400, 20001, "The body is not a form"});
  return ModifyCall(*found->second, *form);
}

http::Response TwilioHandler::ModifyCall(Call& call, const http::Form& form) {
  if (Ended(call.status)) {
    return ToResponse({400, 21220, "Call is not in-progress. Cannot redirect."});
  }
  const std::string_view status = form.Get("Status");
  const bool live = call.status == CallStatus::kInProgress;
  if (status == "completed" || (status == "canceled" && !live)) {
    call.end_asked = true;
  } else if (form.Has("Url") || form.Has("Twiml")) {
    if (!live) return ToResponse({400, 21220, "Call is not in-progress. Cannot redirect."});
    call.new_url.reset();
    call.new_twiml.reset();
    if (form.Has("Url")) {
      call.new_url = form.Get("Url");
    } else {
      call.new_twiml = form.Get("Twiml");
    }
  } else if (status != "canceled") {
    return ToResponse({400, 21218, "Nothing to change: give Status, Url or Twiml"});
  }
  return Json(200, ToJson(call));
}

void TwilioHandler::Forget() {
  if (calls_.size() > kRecordingsMax) {
    Call& older = *calls_[calls_.size() - kRecordingsMax - 1];
    if (Ended(older.status) && older.phone != nullptr) older.phone->ForgetRecording();
  }
  if (calls_.size() <= kCallsMax || !Ended(calls_.front()->status)) return;
  by_sid_.erase(calls_.front()->sid);
  calls_.erase(calls_.begin());
}

std::string TwilioHandler::JudgedCallsJson() const {
  std::vector<std::string> calls;
  for (const std::shared_ptr<Call>& call : calls_) calls.push_back(ToJudgedJson(*call));
  return fmt::format("[{}]", fmt::join(calls, ",\n"));
}

std::string TwilioHandler::Recording(std::string_view call_sid) const {
  const auto found = by_sid_.find(call_sid);
  if (found == by_sid_.end() || found->second->phone == nullptr) return "";
  return found->second->phone->Recording();
}

}  // namespace latchkey::sandbox::twilio
