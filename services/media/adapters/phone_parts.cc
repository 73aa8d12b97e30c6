#include "services/media/adapters/phone_parts.h"

#include <utility>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// The writer looks every 100 ms; a disk that needs longer than this is not waited for.
constexpr absl::Duration kRecordingWait = absl::Seconds(3);

const Secret* CarrierKey(const LeasedKeys& leased) {
  return leased.Find(Provider::kTwilio, "auth_token");
}

// An inbound call has its token already.
std::string TokenOf(const CallSpec& spec, StreamDoor& door) {
  return spec.stream_token.empty() ? door.MakeToken(spec.call_id) : spec.stream_token;
}

}  // namespace

bool HasCarrierKey(const LeasedKeys& leased) {
  return CarrierKey(leased) != nullptr && !leased.carrier_account.empty();
}

absl::Status MissingKeys() {
  return Error(absl::StatusCode::kFailedPrecondition, reasons::kKeysRefused,
               "The ticket does not grant every key that the call's pipeline uses.");
}

TwilioCallbacks CallbacksFor(const Addresses& addresses, const std::string& call_id,
                             const std::string& stream_token) {
  const http::Url status = addresses.public_url.At("/carrier/twilio/" + call_id + "/status");
  // To this instance: it alone knows the call that was transferred.
  const http::Url dialed =
      addresses.public_url.At("/m/" + addresses.instance + "/" + call_id + "/dialed");
  return {.stream_url = StreamUrl(addresses, stream_token),
          .status_url = status.Text(),
          .dialed_url = dialed.Text()};
}

std::string StreamUrl(const Addresses& addresses, const std::string& stream_token) {
  return addresses.public_url.AsWebsocket()
      .At("/m/" + addresses.instance + "/" + stream_token)
      .Text();
}

PhoneParts::PhoneParts(const CallSpec& spec, const StagePorts& ports,
                       std::unique_ptr<LeasedKeys> leased)
    : call_id_(spec.call_id),
      ports_(ports),
      leased_(std::move(leased)),
      tools_(ports.executor, ports.orchestrator, spec),
      leg_(ports.executor),
      carrier_(ports.client, ports.addresses.twilio, leased_->carrier_account,
               *CarrierKey(*leased_),
               CallbacksFor(ports.addresses, call_id_, TokenOf(spec, ports.door))) {
  if (spec.agent.record) recording_ = ports_.recordings.Open(call_id_);
  ports_.door.Bind(call_id_, &leg_);
}

Task<std::optional<RecordingEvent>> PhoneParts::FinishRecording() {
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

void PhoneParts::WipeKeys() {
  key_switch_.Stop();
  leased_->WipeAllBut(Provider::kTwilio);
}

Task<void> PhoneParts::Close() {
  ports_.door.Bind(call_id_, nullptr);
  key_switch_.Stop();
  co_await key_switch_.Join();
  co_await leg_.Join();
  co_await JoinProviders();
  co_await tools_.Join();
  if (recording_ != nullptr) recording_->Close();
  KeyLeases::Observations seen = witness_.Take();
  co_await ports_.leases.Release(call_id_, std::move(seen));
}

}  // namespace latchkey::media
