// Call: one call from the ticket to the record.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "services/media/domain/call_ports.h"
#include "services/media/domain/conversation.h"
#include "services/media/domain/transfer.h"

namespace latchkey::media {

// Lives on one io thread. Whatever happens, Run() reports an outcome, ends the carrier's call and
// gives the keys back: every wait in it has an end.
class Call {
 public:
  struct Ports {
    CallStage& stage;
    CallReports& reports;
    CallLog& log;
    Clock& clock;
  };

  Call(CallSpec spec, Ticket ticket, const Ports& ports);

  Task<void> Run();

  // dialer or an operator wants it ended.
  void End(std::string_view reason);
  // Its keys are no longer leased; `reason` is one of reasons.h. Revoked ones are wiped at once.
  void LoseKeys(std::string_view reason);
  // dialer has verified a status callback of the carrier.
  void OnCarrierState(CarrierCall::State state);
  // The same of what has become of its transfer. Whom it did not connect is told by the carrier.
  void OnTransferResult(TransferResult result);

  const CallSpec& spec() const { return spec_; }
  const Outcome& outcome() const { return outcome_; }

 private:
  Task<void> RunWithParts();
  // Up to the point from which on the person's answer, or the stream, can come. False: it is over.
  Task<bool> Begin();
  Task<bool> Place();
  Task<absl::StatusOr<std::string>> PlaceOnce();
  Task<std::string> LookUp(absl::Time placed_after);
  bool StreamOverdue(absl::Time now) const;
  // The carrier may know that the call is over, though nobody has told us.
  Task<void> AskState();
  Task<void> Watch();
  void WatchOnce(absl::Time now);
  // A conversation's reason, for the direction of the call.
  std::string_view ReasonFor(std::string_view reason) const;
  void GiveUp(Disposition disposition, std::string_view reason, std::string_view message);
  Task<void> Report(std::string state);
  Task<void> EndWithCarrier();
  Task<void> Transfer();
  Task<void> WaitForTransferEnd();
  void TellTransferResult();
  Task<void> HangUp();
  void LogSaid(const std::string& text);
  Task<void> AskDuration();
  Task<void> Complete();

  const CallSpec spec_;
  const Ticket ticket_;
  const Ports ports_;
  std::unique_ptr<CallParts> parts_;
  std::unique_ptr<Conversation> conversation_;  // Over the parts.
  Outcome outcome_;
  bool over_ = false;       // outcome_ is decided.
  std::string end_reason_;  // Not empty: somebody wants it ended.
  std::string keys_lost_;   // Not empty: why its keys are no longer leased.
  std::optional<CarrierCall::State> carrier_state_;
  std::string reported_;  // The last state that was reported.
  absl::Time placed_at_ = absl::InfiniteFuture();
  absl::Time answered_at_ = absl::InfiniteFuture();
  bool hang_up_ = false;
  std::optional<TransferTarget> transfer_;
  std::optional<TransferResult> transfer_result_;
  std::string say_;  // Not empty: the carrier says it with a voice of its own, and hangs up.
  absl::Time said_at_ = absl::InfinitePast();
};

}  // namespace latchkey::media
