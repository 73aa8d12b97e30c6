#include "sandbox/carrier/twilio/call_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/log.h"
#include "sandbox/carrier/twilio/conversation.h"
#include "sandbox/carrier/twilio/request_signature.h"

namespace latchkey::sandbox::twilio {
namespace {

// From the order to the first ring, as quick as a carrier ever is.
constexpr absl::Duration kSetUp = absl::Milliseconds(120);
constexpr int kCallbackTries = 2;  // Twilio repeats a callback once, if it could not connect.

std::string_view EventName(CallStatus status) {
  switch (status) {
    case CallStatus::kInitiated:
      return "initiated";
    case CallStatus::kRinging:
      return "ringing";
    case CallStatus::kInProgress:
      return "answered";
    default:
      return "completed";
  }
}

struct Refusal {
  CallStatus status;
  int sip_code;
};

Refusal RefusalOf(Callee::Answer answer) {
  switch (answer) {
    case Callee::Answer::kBusy:
      return {CallStatus::kBusy, 486};
    case Callee::Answer::kRejects:
      return {CallStatus::kBusy, 603};
    case Callee::Answer::kUnreachable:
      return {CallStatus::kFailed, 404};
    case Callee::Answer::kNoAnswer:
    case Callee::Answer::kAnswers:
      break;
  }
  return {CallStatus::kNoAnswer, 487};
}

}  // namespace

std::string MakeSid(std::string_view prefix, Random& random) {
  std::array<uint8_t, 16> bytes{};
  random.Fill(bytes);
  std::string sid(prefix);
  for (uint8_t byte : bytes) sid += fmt::format("{:02x}", byte);
  return sid;
}

CallRunner::CallRunner(CallSurroundings surroundings)
    : surroundings_(std::move(surroundings)),
      client_(surroundings_.executor, surroundings_.client_tls),
      group_(surroundings_.executor) {}

void CallRunner::Start(std::shared_ptr<Call> call) { group_.Spawn("call", Run(std::move(call))); }

Task<void> CallRunner::Stop() {
  group_.Cancel();
  co_await group_.Join();
}

Task<void> CallRunner::Run(std::shared_ptr<Call> call) {
  const Callee callee = surroundings_.stage.scenario()->CalleeAt(call->order.to);
  Become(*call, CallStatus::kInitiated);
  const bool wanted = co_await WaitWhileWanted(call, kSetUp);
  if (wanted) {
    Become(*call, CallStatus::kRinging);
    co_await Ring(call, callee);
  } else {
    call->sip_code = 487;
    Become(*call, CallStatus::kCanceled);
  }
  log::Info("call ended", {{"call_sid", call->sid},
                           {"status", Text(call->status)},
                           {"billed_s", call->BilledSeconds()}});
}

Task<void> CallRunner::Ring(std::shared_ptr<Call> call, Callee callee) {
  const bool patient = callee.answer == Callee::Answer::kNoAnswer;
  const bool in_time = !patient && callee.ring <= call->order.ring_max;
  const absl::Duration ring = in_time ? callee.ring : call->order.ring_max;
  const bool wanted = co_await WaitWhileWanted(call, ring);
  if (!wanted) {
    call->sip_code = 487;
    Become(*call, CallStatus::kCanceled);
    co_return;
  }
  if (in_time && callee.answer == Callee::Answer::kAnswers) {
    co_await Talk(call, callee);
    co_return;
  }
  const Refusal refusal = RefusalOf(in_time ? callee.answer : Callee::Answer::kNoAnswer);
  call->sip_code = refusal.sip_code;
  Become(*call, refusal.status);
}

Task<void> CallRunner::Talk(std::shared_ptr<Call> call, Callee callee) {
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  LineAudio audio;
  for (const CalleeLine& line : callee.lines) {
    if (line.say.empty()) continue;
    absl::StatusOr<std::shared_ptr<const Speech>> speech =
        co_await surroundings_.speech.synthesizer().Speak(scenario->callee_voice, line.say);
    if (speech.ok()) audio[line.say] = *speech;
  }
  call->phone = std::make_unique<CalleePhone>(callee, std::move(audio));
  Become(*call, CallStatus::kInProgress);
  Conversation conversation(surroundings_, client_, *call, scenario->twilio.auth_token,
                            scenario->agent_voice);
  co_await conversation.Run();
  call->sip_code = 200;
  Become(*call, CallStatus::kCompleted);
}

Task<bool> CallRunner::WaitWhileWanted(std::shared_ptr<Call> call, absl::Duration duration) {
  constexpr absl::Duration kStep = absl::Milliseconds(20);
  const absl::Time end = surroundings_.clock.Now() + duration;
  while (!call->end_asked && surroundings_.clock.Now() < end) {
    co_await surroundings_.clock.SleepUntil(std::min(end, surroundings_.clock.Now() + kStep));
  }
  co_return !call->end_asked;
}

void CallRunner::Become(Call& call, CallStatus status) {
  const absl::Time now = surroundings_.clock.Now();
  call.Become(status, now);
  const std::string& url = call.order.status_callback;
  const bool ordered = call.order.status_events.contains(std::string(EventName(status)));
  if (url.empty() || !ordered) return;
  const http::Form form = CallbackForm(call, now);
  ++call.sequence;
  const std::string& auth_token = surroundings_.stage.scenario()->twilio.auth_token;
  group_.Spawn("status callback",
               SendCallback(url, form.Encode(), RequestSignature(auth_token, url, form)));
}

Task<void> CallRunner::SendCallback(std::string url, std::string body, std::string signature) {
  absl::StatusOr<http::Url> parsed = http::Url::Parse(url.substr(0, url.find('#')));
  if (!parsed.ok()) co_return;
  http::Request request("POST", *parsed);
  request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                     {"x-twilio-signature", signature},
                     {"i-twilio-idempotency-token", MakeSid("", surroundings_.random)},
                     {"user-agent", "TwilioProxy/1.1"}};
  request.body = std::move(body);
  http::Limits limits;
  limits.total = absl::Seconds(15);
  for (int tries = 0; tries < kCallbackTries; ++tries) {
    absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
    if (response.ok()) {
      if (response->status >= 400) {
        log::Warn("status callback refused", {{"http_status", response->status}});
      }
      co_return;
    }
    log::Warn("status callback not delivered", {{"error", response.status()}});
    if (!absl::IsUnavailable(response.status())) co_return;
  }
}

}  // namespace latchkey::sandbox::twilio
