#include "sandbox/carrier/exotel/exotel_handler.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <utility>

#include "sandbox/carrier/base64.h"
#include "sandbox/carrier/exotel/account_answers.h"
#include "sandbox/carrier/exotel/call_filter.h"
#include "sandbox/carrier/exotel/numbers.h"
#include "sandbox/carrier/exotel/order_check.h"
#include "sandbox/providers/fault_player.h"

namespace latchkey::sandbox::exotel {
namespace {

namespace json = boost::json;

constexpr std::string_view kSuffix = ".json";

RestException NotFound() { return {404, "The requested resource was not found"}; }

}  // namespace

ExotelHandler::ExotelHandler(CallSurroundings surroundings)
    : surroundings_(surroundings), runner_(surroundings) {}

ExotelHandler::Asked ExotelHandler::TakeApart(const http::ServerRequest& request) {
  const std::vector<std::string>& segments = request.parsed.segments;
  const bool prefixed = !segments.empty() && segments.front() == "in";
  const bool indian_host =
      request.headers.Get("host").find(".in.exotel.com") != std::string_view::npos;
  const size_t skipped = prefixed ? 3 : 2;
  Asked asked{.method = request.method,
              .region = prefixed || indian_host ? "in" : "sg",
              .path = {},
              .query = request.parsed.query,
              .body = request.body};
  for (size_t i = skipped; i < segments.size(); ++i) asked.path.push_back(segments[i]);
  if (!asked.path.empty() && asked.path.back().ends_with(kSuffix)) {
    asked.json = true;
    asked.path.back().resize(asked.path.back().size() - kSuffix.size());
  }
  return asked;
}

Task<void> ExotelHandler::Handle(const http::ServerRequest& request, http::Responder& responder) {
  Stage& stage = surroundings_.stage;
  const absl::Duration pause = stage.Draw(stage.scenario()->latencies.probe);
  co_await surroundings_.clock.Sleep(pause);
  const Asked asked = TakeApart(request);
  const std::string who = WhoIn(asked);
  const json::object entry = {
      {"method", request.method}, {"path", request.parsed.path}, {"number", who}};
  stage.Note(Provider::kExotel, json::serialize(entry));
  FaultPlayer faults(stage, surroundings_.clock, Provider::kExotel, who);
  const FaultPlayer::Refusal refuse = [](const Fault& fault) { return FaultAnswer(fault); };
  const Played played = co_await faults.AtConnect(responder, refuse);
  if (played == Played::kOver) co_return;
  const http::Response response = AnswerTo(request, asked);
  absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();  // Who is gone needs no answer.
}

std::string ExotelHandler::WhoIn(const Asked& asked) const {
  if (asked.path.size() == 3 && asked.path[1] == "Calls" && asked.path[2] != "connect") {
    const std::shared_ptr<ExotelCall> call = Find(asked.path[2]);
    return call == nullptr ? "" : call->person();
  }
  const absl::StatusOr<http::Form> form = http::Form::Parse(asked.body);
  return form.ok() ? ToE164(form->Get("From")).value_or("") : "";
}

RestException ExotelHandler::CheckCredentials(const http::ServerRequest& request,
                                              const Asked& asked) const {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const ExotelAccount& account = scenario->exotel;
  constexpr std::string_view kBasic = "Basic ";
  const std::string_view header = request.headers.Get("authorization");
  std::optional<std::vector<uint8_t>> decoded;
  if (header.starts_with(kBasic)) decoded = DecodeBase64(header.substr(kBasic.size()));
  if (!decoded) return {401, "Authentication failed"};
  const std::string credentials(decoded->begin(), decoded->end());
  // Very old accounts have no key of their own: their SID is it.
  const std::string& user = account.api_key.empty() ? account.sid : account.api_key;
  const bool known = !account.auth_token.empty() &&
                     credentials == user + ":" + account.auth_token &&
                     asked.region == account.region;
  if (!known) return {401, "Authentication failed"};
  return {0, ""};
}

http::Response ExotelHandler::AnswerTo(const http::ServerRequest& request, const Asked& asked) {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const RestException refused = CheckCredentials(request, asked);
  if (refused.status != 0) {
    http::Response response = Answer(refused, asked.json);
    if (scenario->quirks.exotel.empty_401) response.body.clear();
    return response;
  }
  if (asked.path.empty() || asked.path[0] != scenario->exotel.sid) {
    return Answer(NotFound(), asked.json);
  }
  const size_t depth = asked.path.size();
  if (depth >= 2 && asked.path[1] == "Calls") {
    if (depth == 3 && asked.path[2] == "connect" && asked.method == "POST") return PlaceCall(asked);
    if (depth == 3 && asked.method == "GET") return ShowCall(asked);
    if (depth == 2 && asked.method == "GET") return ListCalls(asked);
  }
  return asked.method == "GET" ? AnswerAccount(asked) : Answer(NotFound(), asked.json);
}

http::Response ExotelHandler::AnswerAccount(const Asked& asked) {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const ExotelAccount& account = scenario->exotel;
  const size_t depth = asked.path.size();
  if (depth == 1) return Answer(200, AccountJson(account), asked.json);
  const std::string& what = asked.path[1];
  if (depth == 2 && what == "Balance") return Answer(200, BalanceJson(account), asked.json);
  if (depth == 2 && what == "ActiveStreams") {
    return Answer(200, StreamsJson(account, OpenStreams()), asked.json);
  }
  if (depth == 3 && what == "Numbers") {
    return Answer(200, NumberJson(account, asked.path[2]), asked.json);
  }
  return Answer(NotFound(), asked.json);
}

http::Response ExotelHandler::PlaceCall(const Asked& asked) {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const ExotelAccount& account = scenario->exotel;
  const int wait = OverLimit(account.requests_per_minute);
  if (wait > 0) {
    http::Response response = Answer({429, "Too many requests"}, asked.json);
    response.headers.Set("retry-after", fmt::to_string(wait));
    response.headers.Set("x-ratelimit-limit", fmt::to_string(account.requests_per_minute));
    response.headers.Set("x-ratelimit-remaining", "0");
    return response;
  }
  const absl::StatusOr<http::Form> form = http::Form::Parse(asked.body);
  if (!form.ok()) return Answer({400, "The body is not a form", 34001}, asked.json);
  ExotelOrder order;
  const RestException refused = CheckOrder(account, *form, order);
  if (refused.status != 0) return Answer(refused, asked.json);
  if (OpenStreams() >= account.streams_max) {
    return Answer({429, "The account's limit of streams is reached"}, asked.json);
  }
  const absl::Time now = surroundings_.clock.Now();
  const auto call = std::make_shared<ExotelCall>(MakeSid("", surroundings_.random), account.sid,
                                                 std::move(order), now);
  surroundings_.calls.Add(call);
  runner_.Start(call);
  return Answer(200, {{"Call", ToJson(*call, scenario->quirks.exotel, now)}}, asked.json);
}

http::Response ExotelHandler::ShowCall(const Asked& asked) const {
  const std::shared_ptr<ExotelCall> call = Find(asked.path[2]);
  if (call == nullptr) return Answer(NotFound(), asked.json);
  const bool details = asked.query.Get("details") == "true";
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const ExotelQuirks& quirks = scenario->quirks.exotel;
  const absl::Time now = surroundings_.clock.Now();
  json::object body = {{"Call", ToJson(*call, quirks, now)}};
  if (details) body["Details"] = DetailsJson(*call, quirks, now);
  return Answer(200, body, asked.json);
}

http::Response ExotelHandler::ListCalls(const Asked& asked) const {
  const CallFilter filter(asked.query);
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  json::array calls;
  const std::vector<std::shared_ptr<PhoneCall>>& all = surroundings_.calls.calls();
  for (auto call = all.rbegin(); call != all.rend(); ++call) {
    const auto* const known = dynamic_cast<const ExotelCall*>(call->get());
    if (known == nullptr || !filter.Fits(*known) || calls.size() == CallFilter::kPageMax) continue;
    calls.push_back(ToJson(*known, scenario->quirks.exotel, surroundings_.clock.Now()));
  }
  const json::object metadata = {{"Total", calls.size()}, {"PageSize", CallFilter::kPageMax}};
  return Answer(200, {{"Metadata", metadata}, {"Calls", std::move(calls)}}, asked.json);
}

int ExotelHandler::OverLimit(int per_minute) {
  const absl::Time now = surroundings_.clock.Now();
  while (!orders_.empty() && orders_.front() <= now - absl::Minutes(1)) orders_.pop_front();
  if (orders_.size() >= static_cast<size_t>(per_minute)) {
    const absl::Duration wait = orders_.front() + absl::Minutes(1) - now;
    return static_cast<int>(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))));
  }
  orders_.push_back(now);
  return 0;
}

int ExotelHandler::OpenStreams() const {
  int open = 0;
  for (const std::shared_ptr<PhoneCall>& call : surroundings_.calls.calls()) {
    open += call->carrier == Provider::kExotel && call->status == CallStatus::kInProgress ? 1 : 0;
  }
  return open;
}

std::shared_ptr<ExotelCall> ExotelHandler::Find(std::string_view sid) const {
  return std::static_pointer_cast<ExotelCall>(surroundings_.calls.Find(Provider::kExotel, sid));
}

}  // namespace latchkey::sandbox::exotel
