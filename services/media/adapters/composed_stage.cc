#include "services/media/adapters/composed_stage.h"

#include <utility>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "services/media/adapters/key_switch.h"
#include "services/media/adapters/switching_ports.h"
#include "services/media/carriers/twilio_carrier.h"
#include "services/media/domain/composed_conversation.h"
#include "services/media/domain/reasons.h"
#include "services/media/providers/anthropic.h"
#include "services/media/providers/cartesia.h"
#include "services/media/providers/deepgram.h"

namespace latchkey::media {
namespace {

// The writer looks every 100 ms; a disk that needs longer than this is not waited for.
constexpr absl::Duration kRecordingWait = absl::Seconds(3);

// The keys that a composed call uses; they lie in `leased`.
struct Needed {
  const Secret* anthropic = nullptr;
  const Secret* cartesia = nullptr;
  const Secret* deepgram = nullptr;
  const Secret* twilio = nullptr;
};

absl::StatusOr<Needed> FindNeeded(const LeasedKeys& leased) {
  const Needed needed{.anthropic = leased.Find(Provider::kAnthropic, "api_key"),
                      .cartesia = leased.Find(Provider::kCartesia, "api_key"),
                      .deepgram = leased.Find(Provider::kDeepgram, "api_key"),
                      .twilio = leased.Find(Provider::kTwilio, "auth_token")};
  if (needed.anthropic == nullptr || needed.cartesia == nullptr || needed.deepgram == nullptr ||
      needed.twilio == nullptr || leased.carrier_account.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, reasons::kKeysRefused,
                 "The ticket does not grant every key that a composed call uses.");
  }
  return needed;
}

class ComposedParts final : public CallParts {
 public:
  ComposedParts(const CallSpec& spec, const ComposedStage::Ports& ports,
                std::unique_ptr<LeasedKeys> leased, const Needed& keys)
      : call_id_(spec.call_id),
        ports_(ports),
        leased_(std::move(leased)),
        stt_(ports.executor, ports.tls, ports.addresses.deepgram, spec.agent, *keys.deepgram),
        llm_(ports.executor, ports.client, ports.addresses.anthropic, *keys.anthropic),
        tts_(ports.executor, ports.tls, ports.addresses.cartesia, spec.call_id, spec.agent,
             *keys.cartesia),
        leg_(ports.executor),
        carrier_(ports.client, ports.addresses.twilio, leased_->carrier_account, *keys.twilio,
                 CallbacksFor(ports.addresses, call_id_, ports.door.MakeToken(call_id_))) {
    if (spec.agent.record) recording_ = ports_.recordings.Open(call_id_);
    ports_.door.Bind(call_id_, &leg_);
  }

  std::unique_ptr<Conversation> MakeConversation(const CallSpec& spec, CallLog& log,
                                                 const Clock& clock) override {
    return std::make_unique<ComposedConversation>(
        spec, ComposedConversation::Ports{.stt = switching_stt_,
                                          .llm = switching_llm_,
                                          .tts = switching_tts_,
                                          .leg = leg_,
                                          .log = log,
                                          .clock = clock,
                                          .recorder = recording_.get()});
  }
  Carrier& carrier() override { return switching_carrier_; }
  CarrierLeg& leg() override { return leg_; }
  void Listen(CarrierLeg::Listener& listener) override { leg_.Listen(listener); }

  Task<std::optional<RecordingEvent>> FinishRecording() override {
    if (recording_ == nullptr) co_return std::nullopt;
    recording_->Close();
    SystemClock clock;
    const absl::Time until = clock.Now() + kRecordingWait;
    while (!recording_->complete() && clock.Now() < until) {
      co_await clock.Sleep(absl::Milliseconds(20));
    }
    if (recording_->samples() == 0 || !recording_->complete()) co_return std::nullopt;
    co_return RecordingEvent{.file = call_id_ + ".wav",
                             .duration = ToDuration(recording_->samples())};
  }

  void WipeKeys() override {
    key_switch_.Stop();
    leased_->WipeAllBut(Provider::kTwilio);
  }

  Task<void> Close() override {
    ports_.door.Bind(call_id_, nullptr);
    key_switch_.Stop();
    co_await key_switch_.Join();
    co_await leg_.Join();
    co_await stt_.Join();
    co_await llm_.Join();
    co_await tts_.Join();
    if (recording_ != nullptr) recording_->Close();
    co_await ports_.leases.Release(call_id_);
  }

 private:
  const std::string call_id_;
  const ComposedStage::Ports ports_;
  const std::unique_ptr<LeasedKeys> leased_;  // Before the parts, which borrow the keys.
  DeepgramSpeechToText stt_;
  AnthropicLanguageModel llm_;
  CartesiaTextToSpeech tts_;
  TwilioLeg leg_;
  TwilioCarrier carrier_;
  KeySwitch key_switch_{ports_.executor, ports_.leases, call_id_, *leased_};
  SwitchingSpeechToText switching_stt_{stt_, key_switch_};
  SwitchingLanguageModel switching_llm_{llm_, key_switch_};
  SwitchingTextToSpeech switching_tts_{tts_, key_switch_};
  SwitchingCarrier switching_carrier_{carrier_, key_switch_};
  std::shared_ptr<WavRecording> recording_;  // Shared with the writer's thread.
};

}  // namespace

TwilioCallbacks CallbacksFor(const Addresses& addresses, const std::string& call_id,
                             const std::string& stream_token) {
  const http::Url stream =
      addresses.public_url.AsWebsocket().At("/m/" + addresses.instance + "/" + stream_token);
  const http::Url status = addresses.public_url.At("/carrier/twilio/" + call_id + "/status");
  return {.stream_url = stream.Text(), .status_url = status.Text()};
}

Task<absl::StatusOr<std::unique_ptr<CallParts>>> ComposedStage::Open(const CallSpec& spec,
                                                                     const Ticket& ticket) {
  absl::StatusOr<std::unique_ptr<LeasedKeys>> leased =
      co_await ports_.leases.Lease(spec.call_id, ticket);
  if (!leased.ok()) co_return leased.status();
  const absl::StatusOr<Needed> needed = FindNeeded(**leased);
  if (!needed.ok()) {
    co_await ports_.leases.Release(spec.call_id);
    co_return needed.status();
  }
  std::unique_ptr<CallParts> parts =
      std::make_unique<ComposedParts>(spec, ports_, *std::move(leased), *needed);
  co_return parts;
}

}  // namespace latchkey::media
