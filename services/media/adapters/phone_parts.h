// PhoneParts: what every call has, whatever its pipeline: its keys, the carrier, the recording.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "lib/base/clock.h"
#include "services/media/adapters/key_switch.h"
#include "services/media/adapters/stage_ports.h"
#include "services/media/adapters/switching_ports.h"
#include "services/media/adapters/wav_recordings.h"
#include "services/media/carriers/twilio_carrier.h"
#include "services/media/carriers/twilio_leg.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

// Whether `leased` holds what no call can do without.
bool HasCarrierKey(const LeasedKeys& leased);
// kFailedPrecondition `keys_not_leased`.
absl::Status MissingKeys();

class PhoneParts : public CallParts {
 public:
  Carrier& carrier() final { return switching_carrier_; }
  CarrierLeg& leg() final { return leg_; }
  void Listen(CarrierLeg::Listener& listener) final { leg_.Listen(listener); }
  Task<std::optional<RecordingEvent>> FinishRecording() final;
  void WipeKeys() final;
  Task<void> Close() final;

 protected:
  // `leased` has a carrier key. Its keys stay where they are while the parts live.
  PhoneParts(const CallSpec& spec, const StagePorts& ports, std::unique_ptr<LeasedKeys> leased);

  // Joins the connections of the pipeline's providers.
  virtual Task<void> JoinProviders() = 0;

  KeySwitch& key_switch() { return key_switch_; }
  KeyWitness& witness() { return witness_; }
  ToolRunner& tools() { return tools_; }
  Recorder* recorder() { return recording_.get(); }  // Null: not recorded.

 private:
  const std::string call_id_;
  const StagePorts ports_;
  const std::unique_ptr<LeasedKeys> leased_;
  SystemClock clock_;
  KeyWitness witness_{*leased_, clock_, [this](KeyLeases::Observations seen) {
                        ports_.leases.Report(std::move(seen));
                      }};
  GrpcToolRunner tools_;
  TwilioLeg leg_;
  TwilioCarrier carrier_;
  KeySwitch key_switch_{ports_.executor, ports_.leases, call_id_, *leased_, witness_};
  SwitchingCarrier switching_carrier_{carrier_, key_switch_};
  std::shared_ptr<WavRecording> recording_;  // Shared with the writer's thread.
};

}  // namespace latchkey::media
