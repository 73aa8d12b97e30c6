// AdmitInbound: a person calls one of our numbers; may the call be taken, and who runs it?
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "services/dialer/domain/handover.h"
#include "services/dialer/domain/inbound_webhook.h"
#include "services/dialer/domain/line_admission.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// A carrier's webhook, and the media instance that it came to.
struct InboundAsk {
  Provider carrier = Provider::kTwilio;
  CarrierRequest webhook;
  std::string instance;
  std::string incarnation;
  bool has_room = false;  // The instance can take one more call, or has this one.
};

// For the asking instance: the call is its own.
struct InboundRun {
  Call call;
  AgentSettings agent;
  SignedTicket ticket;
};

// What becomes of the call. Exactly one of the last three is there.
struct InboundAnswer {
  std::string call_id;  // Empty: the number is not known.
  std::optional<InboundRun> run;
  std::string stream_url;  // Another instance runs it.
  std::string refusal;     // One of reasons.h: nobody runs it.
};

// What admitting asks of the world.
struct InboundPorts {
  Directory& directory;
  CarrierVerifier& verifier;
  LineAdmission& admission;
  FleetStore& fleet;
  CallStore& store;
  Handover& handover;
  Clock& clock;
  Random& random;
};

// Lives on one io thread. The ports outlive it.
class AdmitInbound {
 public:
  explicit AdmitInbound(const InboundPorts& ports) : ports_(ports) {}

  // Believes nothing before the carrier's signature is verified. A repeated webhook finds the call
  // that the first one made, wherever it comes. Errors: those of Dialer.AdmitInbound in
  // dialer.proto.
  Task<absl::StatusOr<InboundAnswer>> Admit(const InboundAsk& ask);

 private:
  Task<absl::StatusOr<InboundAnswer>> AdmitGenuine(const InboundAsk& ask,
                                                   const InboundWebhook& webhook, const Line& line);
  Task<absl::StatusOr<InboundAnswer>> First(const InboundAsk& ask, const InboundWebhook& webhook,
                                            const Line& line);
  Task<absl::StatusOr<InboundAnswer>> Again(const InboundAsk& ask, Call call, const Line& line);
  // Gives the call, which the record has for `chosen`, to that instance.
  Task<absl::StatusOr<InboundAnswer>> Hand(const InboundAsk& ask,
                                           const std::vector<MediaInstance>& fleet,
                                           MediaInstance chosen, Call& call,
                                           const Admitted& admitted);
  // Gives a call that nobody has taken yet to somebody else than `refused`.
  Task<absl::StatusOr<InboundAnswer>> Move(const InboundAsk& ask,
                                           const std::vector<MediaInstance>& fleet,
                                           const std::string& refused, Call& call,
                                           const Admitted& admitted);
  Task<absl::StatusOr<InboundAnswer>> Refuse(Call call, absl::Status why);
  Task<absl::StatusOr<InboundAnswer>> CloseFull(const Call& call);
  InboundAnswer RunHere(const Call& call, const Admitted& admitted);

  InboundPorts ports_;
};

}  // namespace latchkey::dialer
