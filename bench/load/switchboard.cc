#include "bench/load/switchboard.h"

#include <fmt/format.h>

#include "bench/load/carrier_leg.h"
#include "bench/load/provider_legs.h"
#include "bench/load/realtime_leg.h"
#include "lib/base/log.h"
#include "lib/http/form.h"

namespace latchkey::bench {
namespace {

constexpr std::string_view kAccount = "AC00000000000000000000000000000001";

http::Response JsonReply(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.Add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

std::string CallBody(const std::string& call_sid, std::string_view status) {
  return fmt::format(R"({{"sid":"{}","account_sid":"{}","status":"{}",)"
                     R"("direction":"outbound-api","duration":"0","price":null}})",
                     call_sid, kAccount, status);
}

// The address in <Stream url="…">.
std::string StreamUrl(std::string_view twiml) {
  const size_t at = twiml.find("url=\"");
  if (at == std::string_view::npos) return "";
  const std::string_view rest = twiml.substr(at + 5);
  return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace

Switchboard::Switchboard(Executor executor, http::TlsContext tls, Traffic& traffic)
    : executor_(executor),
      tls_(tls),
      traffic_(traffic),
      client_(executor, std::move(tls)),
      group_(std::move(executor)) {}

void Switchboard::Dial(const http::Url& stream_url) {
  group_.Spawn("relayed call", RunCall(stream_url, fmt::format("CA{:032x}", ++calls_), ""));
}

Task<void> Switchboard::Handle(const http::ServerRequest& request, http::Responder& responder) {
  const std::string& path = request.parsed.path;
  const http::WebsocketLimits limits;
  if (request.upgrade) {
    absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
    if (!socket.ok()) co_return;
    if (path.starts_with("/v1/listen")) {
      co_await ServeStt(*std::move(socket), traffic_);
    } else if (path.starts_with("/v1/realtime")) {
      RealtimeLeg leg(executor_, traffic_, *std::move(socket));
      co_await leg.Run();
    } else {
      TtsLeg leg(executor_, traffic_, *std::move(socket));
      co_await leg.Run();
    }
    co_return;
  }
  if (path == "/v1/messages") {
    co_await ServeLlm(responder);
  } else if (path.ends_with("/Calls.json") && request.method == "POST") {
    co_await PlaceCall(request, responder);
  } else {
    const http::Response response = JsonReply(200, CallBody("CA0", "completed"));
    const absl::Status sent = co_await responder.Send(response);
    if (!sent.ok()) log::Warn("carrier's answer lost", {{"error", sent}});
  }
}

Task<void> Switchboard::PlaceCall(const http::ServerRequest& request, http::Responder& responder) {
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  const std::string call_sid = fmt::format("CA{:032x}", ++calls_);
  const http::Response response = JsonReply(201, CallBody(call_sid, "queued"));
  const absl::Status sent = co_await responder.Send(response);
  if (!sent.ok() || !form.ok()) co_return;
  const absl::StatusOr<http::Url> url = http::Url::Parse(StreamUrl(form->Get("Twiml")));
  if (!url.ok()) {
    log::Error("no stream address in the TwiML");
    co_return;
  }
  group_.Spawn("call", RunCall(*url, call_sid, std::string(form->Get("StatusCallback"))));
}

Task<void> Switchboard::RunCall(http::Url stream_url, std::string call_sid, std::string callback) {
  if (!callback.empty()) {
    const absl::StatusOr<http::Url> url = http::Url::Parse(callback);
    if (url.ok()) {
      http::Request answered("POST", *url);
      answered.headers.Set("Content-Type", "application/x-www-form-urlencoded");
      answered.headers.Set("X-Twilio-Signature", "load run: the fake dialer believes it");
      answered.body = fmt::format("CallSid={}&CallStatus=in-progress&SequenceNumber=2", call_sid);
      const http::Limits limits;
      const absl::StatusOr<http::Response> told = co_await client_.Send(answered, limits);
      if (!told.ok()) log::Warn("callback lost", {{"error", told.status()}});
    }
  }
  CarrierLeg leg(executor_, traffic_, call_sid);
  co_await leg.Run(tls_, stream_url);
}

}  // namespace latchkey::bench
