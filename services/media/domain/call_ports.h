// What a call asks of the world around its conversation: a carrier, keys, and someone to report to.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/media/domain/call_event.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/conversation.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// What a carrier says about a call.
struct CarrierCall {
  enum class State {
    kQueued,
    kRinging,
    kInProgress,
    kCompleted,
    kBusy,
    kFailed,
    kNoAnswer,
    kCanceled
  };
  State state = State::kQueued;
  absl::Duration duration = absl::Seconds(-1);  // Answered time; negative: not told.

  bool over() const { return state >= State::kCompleted; }
};

// Whom the person on the phone is connected with.
struct TransferOrder {
  std::string to;    // E.164
  std::string from;  // E.164, a number of the account's: what they see.
  absl::Duration duration_max;
};

// Places and ends calls with a carrier, on one account. Errors besides those named:
//   kUnavailable, kDeadlineExceeded  carrier_unreachable  no answer; unknown whether done
class Carrier {
 public:
  virtual ~Carrier() = default;
  // Gives the carrier's name for the call. A refusal is kFailedPrecondition with one of reasons.h
  // and a message for the tenant; at a limit that passes it is kResourceExhausted, and the call was
  // not placed.
  virtual Task<absl::StatusOr<std::string>> Place(const CallSpec& spec) = 0;
  // Whether a call that may have been placed exists: its name, or "".
  virtual Task<absl::StatusOr<std::string>> FindPlaced(const std::string& from,
                                                       const std::string& to,
                                                       absl::Time not_before) = 0;
  virtual Task<absl::StatusOr<CarrierCall>> Fetch(const std::string& carrier_call_id) = 0;
  // Ends it. OK when it has ended already.
  virtual Task<absl::Status> HangUp(const std::string& carrier_call_id) = 0;
  // Says `text` with the carrier's own voice, and hangs up.
  virtual Task<absl::Status> SayAndHangUp(const std::string& carrier_call_id,
                                          const std::string& text) = 0;
  // Connects the person on the phone with somebody else. Our stream ends; the call goes on until
  // they have finished, or nobody was reached.
  virtual Task<absl::Status> Transfer(const std::string& carrier_call_id,
                                      const TransferOrder& order) = 0;
};

// Everything that one call is given, made from its leased keys. Close() before it goes.
class CallParts {
 public:
  virtual ~CallParts() = default;
  // The conversation of the call's pipeline, over these parts. Once; all outlive it.
  virtual std::unique_ptr<Conversation> MakeConversation(const CallSpec& spec, CallLog& log,
                                                         const Clock& clock) = 0;
  virtual Carrier& carrier() = 0;
  virtual CarrierLeg& leg() = 0;
  // From now on what the carrier's stream brings goes to `listener`.
  virtual void Listen(CarrierLeg::Listener& listener) = 0;
  // Completes the recording's file. Nothing: there is none.
  virtual Task<std::optional<RecordingEvent>> FinishRecording() = 0;
  // Forgets the keys of all but the carrier, whose call is still to be ended: they were revoked,
  // and only what stands already goes on.
  virtual void WipeKeys() = 0;
  // Stops and joins everything, and gives the keys back.
  virtual Task<void> Close() = 0;
};

// The permission to lease a call's keys, as dialer signed it; media does not look inside.
struct Ticket {
  std::string bytes;
  std::string signature;
};

// Leases a call's keys and makes its parts of them.
class CallStage {
 public:
  virtual ~CallStage() = default;
  // Errors: keyvault's own.
  virtual Task<absl::StatusOr<std::unique_ptr<CallParts>>> Open(const CallSpec& spec,
                                                                const Ticket& ticket) = 0;
};

// dialer, who keeps the call's record.
class CallReports {
 public:
  virtual ~CallReports() = default;
  // "placing", "ringing", "answered". Gives true when the call has been ended meanwhile.
  virtual Task<absl::StatusOr<bool>> Progress(const std::string& call_id, const std::string& state,
                                              const std::string& carrier_call_id,
                                              absl::Time when) = 0;
  virtual Task<absl::Status> Complete(const std::string& call_id, const Outcome& outcome) = 0;
};

}  // namespace latchkey::media
