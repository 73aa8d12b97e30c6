#include "sandbox/page/page_handler.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/page/page.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

json::array InMilliseconds(const std::vector<absl::Duration>& durations) {
  json::array milliseconds;
  for (absl::Duration duration : durations) {
    milliseconds.push_back(absl::ToInt64Milliseconds(duration));
  }
  return milliseconds;
}

json::object Describe(const PhoneCall& call, absl::Time now) {
  const absl::Time end = call.ended.value_or(now);
  json::object shown = {
      {"sid", call.sid},
      {"carrier", std::string(Name(call.carrier))},
      {"direction", call.inbound ? "inbound" : "outbound"},
      {"person", call.person()},
      {"state", std::string(Text(call.status))},
      {"over", Ended(call.status)},
      {"placed_at_ms", absl::ToUnixMillis(call.created)},
      {"age_ms", absl::ToInt64Milliseconds(now - call.created)},
      {"talked_ms", call.answered ? absl::ToInt64Milliseconds(end - *call.answered) : 0},
      {"billed_seconds", call.BilledSeconds()},
      {"error", call.error}};
  if (call.phone == nullptr) return shown;
  const Judgement judgement = call.phone->Judge();
  const std::optional<Spoken::Who> speaks = call.phone->judge().speaks_now();
  shown["about"] = call.phone->about();
  if (speaks && !Ended(call.status)) shown["speaks"] = std::string(Name(*speaks));
  shown["can_listen"] = call.phone->recording().frames() > 0;
  if (judgement.first_word) {
    shown["first_word_ms"] = absl::ToInt64Milliseconds(*judgement.first_word);
  }
  shown["voice_to_voice_ms"] = InMilliseconds(judgement.voice_to_voice);
  shown["barge_in_ms"] = InMilliseconds(judgement.barge_in);
  return shown;
}

}  // namespace

Task<void> PageHandler::Handle(const http::ServerRequest& request, http::Responder& responder) {
  const http::Response response = Answer(request);
  absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();  // Who is gone needs no answer.
}

http::Response PageHandler::Answer(const http::ServerRequest& request) {
  http::Response response;
  response.status = 200;
  response.headers = {{"content-type", "application/json"}, {"cache-control", "no-store"}};
  const bool get = request.method == "GET";
  if (get && request.parsed.path == "/") {
    response.headers.Set("content-type", "text/html; charset=utf-8");
    response.body = Page();
  } else if (get && request.parsed.path == "/sandbox/live") {
    response.body = Live();
  } else if (get && request.parsed.path == "/sandbox/load") {
    response.body = Load();
  } else if (request.method == "POST" && request.parsed.path == "/sandbox/load") {
    frames_.lateness().Clear();
    response.body = Load();
  } else {
    response.status = 404;
    response.body = R"({"error":"There is no such endpoint."})";
  }
  return response;
}

std::string PageHandler::Live() const {
  const absl::Time now = clock_.Now();
  json::array shown;
  const std::vector<std::shared_ptr<PhoneCall>>& calls = calls_.calls();
  for (auto call = calls.rbegin(); call != calls.rend() && shown.size() < kCallsShown; ++call) {
    shown.push_back(Describe(**call, now));
  }
  const std::string scenario = json::serialize(json::string(stage_.scenario()->name));
  return fmt::format(R"({{"scenario":{},"calls_placed":{},"load":{},"calls":{}}})", scenario,
                     calls.size(), Load(), json::serialize(shown));
}

std::string PageHandler::Load() const {
  const Lateness& lateness = frames_.lateness();
  return fmt::format(
      R"({{"calls":{},"frames_sent":{},"lateness_us":{{"p50":{},"p99":{},"max":{}}}}})",
      frames_.seats(), lateness.count(), absl::ToInt64Microseconds(lateness.Quantile(0.50)),
      absl::ToInt64Microseconds(lateness.Quantile(0.99)),
      absl::ToInt64Microseconds(lateness.max()));
}

}  // namespace latchkey::sandbox
