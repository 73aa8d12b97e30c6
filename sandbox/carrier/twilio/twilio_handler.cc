#include "sandbox/carrier/twilio/twilio_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "lib/base/e164.h"
#include "lib/base/error.h"
#include "sandbox/carrier/twilio/account_resource.h"
#include "sandbox/carrier/twilio/list_filter.h"
#include "sandbox/providers/fault_player.h"

namespace latchkey::sandbox::twilio {
namespace {

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

http::Response NoForm() { return ToResponse({400, 20001, "The body is not a form"}); }
http::Response NoMethod() { return ToResponse({405, 20004, "Method not allowed"}); }

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
  const std::string who = WhoIn(request);
  const boost::json::object entry = {
      {"method", request.method}, {"path", request.parsed.path}, {"number", who}};
  stage.Note(Provider::kTwilio, boost::json::serialize(entry));
  FaultPlayer faults(stage, surroundings_.clock, Provider::kTwilio, who);
  const FaultPlayer::Refusal refuse = [](const Fault& fault) { return FaultAnswer(fault); };
  const Played played = co_await faults.AtConnect(responder, refuse);
  if (played == Played::kOver) co_return;
  const http::Response response = Answer(request);
  if (response.status == 201 && LosesAnswer()) {
    responder.Abort();  // The order was carried out; the caller must not know.
    co_return;
  }
  absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();  // Who is gone needs no answer.
}

bool TwilioHandler::LosesAnswer() {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  if (lost_of_ != scenario) {
    lost_of_ = scenario;
    lost_ = 0;
  }
  return lost_++ < scenario->quirks.twilio.lost_answers;
}

std::string TwilioHandler::WhoIn(const http::ServerRequest& request) const {
  const std::vector<std::string>& path = request.parsed.segments;
  if (path.size() == 5 && path[3] == "Calls") {
    const std::shared_ptr<Call> call = Find(WithoutSuffix(path[4]));
    return call == nullptr ? "" : call->person();
  }
  if (request.method != "POST") return std::string(request.parsed.query.Get("To"));
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  return form.ok() ? std::string(form->Get("To")) : "";
}

http::Response TwilioHandler::Answer(const http::ServerRequest& request) {
  const std::vector<std::string>& path = request.parsed.segments;
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const TwilioAccount& account = scenario->twilio;
  const RestError refused = CheckCredentials(account, request);
  if (refused.status != 0) return ToResponse(refused);
  const std::string_view sid = path.size() > 2 ? WithoutSuffix(path[2]) : "";
  if (sid != account.account_sid) return ToResponse(NotFound(request));
  if (path.size() == 3 && request.method == "GET") return Json(200, AccountJson(*scenario));
  if (path.size() == 4 && path[3] == "Calls.json") return AnswerCalls(request);
  if (path.size() == 4 && path[3] == "IncomingPhoneNumbers.json" && request.method == "GET") {
    return numbers_.List(account, request.parsed.query);
  }
  if (path.size() == 5 && path[3] == "IncomingPhoneNumbers") {
    return AnswerNumber(request, WithoutSuffix(path[4]));
  }
  if (path.size() == 5 && path[3] == "Calls") return AnswerCall(request, WithoutSuffix(path[4]));
  return ToResponse(NotFound(request));
}

http::Response TwilioHandler::AnswerCalls(const http::ServerRequest& request) {
  if (request.method == "POST") return PlaceCall(request);
  if (request.method == "GET") return ListCalls(request.parsed.query);
  return NoMethod();
}

http::Response TwilioHandler::AnswerNumber(const http::ServerRequest& request,
                                           std::string_view sid) {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  if (request.method == "GET") return numbers_.Show(scenario->twilio, sid);
  if (request.method != "POST") return NoMethod();
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) return NoForm();
  return numbers_.Change(scenario->twilio, sid, *form);
}

http::Response TwilioHandler::PlaceCall(const http::ServerRequest& request) {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) return NoForm();
  CallOrder order;
  const RestError refused = CheckOrder(scenario->twilio, *form, order);
  if (refused.status != 0) return ToResponse(refused);
  return Json(201, ToJson(*Start(std::move(order))));
}

std::shared_ptr<Call> TwilioHandler::Start(CallOrder order) {
  const std::string& account_sid = surroundings_.stage.scenario()->twilio.account_sid;
  auto call = std::make_shared<Call>(MakeSid("CA", surroundings_.random), account_sid,
                                     std::move(order), surroundings_.clock.Now());
  surroundings_.calls.Add(call);
  runner_.Start(call);
  return call;
}

absl::StatusOr<std::string> TwilioHandler::CallIn(const std::string& from, const std::string& to) {
  if (!E164::Parse(from).ok()) {
    return Error(absl::StatusCode::kInvalidArgument, "bad_number",
                 "The caller is no international number such as +14155550142: correct \"from\".");
  }
  const std::vector<std::string>& owned = surroundings_.stage.scenario()->twilio.numbers;
  if (std::ranges::find(owned, to) == owned.end()) {
    return Error(absl::StatusCode::kNotFound, "unknown_number",
                 "The scenario's Twilio account has no such number: call one of its numbers.");
  }
  const NumberSettings settings = numbers_.SettingsOf(to);
  if (settings.voice_url.empty()) {
    return Error(
        absl::StatusCode::kFailedPrecondition, "no_voice_url",
        "The number has no VoiceUrl: set one by POST to its IncomingPhoneNumbers resource.");
  }
  CallOrder order;
  order.to = to;
  order.from = from;
  order.url = settings.voice_url;
  order.url_method = settings.voice_method;
  order.fallback_url = settings.voice_fallback_url;
  order.status_callback = settings.status_callback;
  order.inbound = true;
  return Start(std::move(order))->sid;
}

http::Response TwilioHandler::ListCalls(const http::Form& query) const {
  const CallFilter filter(query);
  const std::vector<std::shared_ptr<PhoneCall>>& all = surroundings_.calls.calls();
  std::vector<std::string> items;
  for (auto call = all.rbegin(); call != all.rend(); ++call) {
    const auto* const known = dynamic_cast<const Call*>(call->get());
    if (known != nullptr && filter.Fits(*known)) items.push_back(ToJson(*known));
  }
  const std::string uri = fmt::format("/2010-04-01/Accounts/{}/Calls.json",
                                      surroundings_.stage.scenario()->twilio.account_sid);
  return Json(200, PageWanted(query).Show("calls", items, uri));
}

std::shared_ptr<Call> TwilioHandler::Find(std::string_view sid) const {
  return std::static_pointer_cast<Call>(surroundings_.calls.Find(Provider::kTwilio, sid));
}

http::Response TwilioHandler::AnswerCall(const http::ServerRequest& request, std::string_view sid) {
  const std::shared_ptr<Call> call = Find(sid);
  if (call == nullptr) return ToResponse(NotFound(request));
  if (request.method == "GET") return Json(200, ToJson(*call));
  if (request.method != "POST") return NoMethod();
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) return NoForm();
  return ModifyCall(*call, *form);
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

}  // namespace latchkey::sandbox::twilio
