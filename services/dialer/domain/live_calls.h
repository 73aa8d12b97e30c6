// LiveCalls: takes in what media and carriers tell about calls, and hangs up.
#pragma once

#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// How far the instance that runs a call has come with it.
struct Progress {
  CallState state = CallState::kPlacing;  // Not kEnded.
  std::string carrier_call_id;
  absl::Time time;
};

struct CallPage {
  std::vector<Call> calls;
  std::optional<CallCursor> next;  // Empty on the last page.
};

// Lives on one io thread. The ports outlive it.
class LiveCalls {
 public:
  LiveCalls(CallStore& store, FleetStore& fleet, MediaControl& media, CarrierVerifier& verifier,
            Clock& clock)
      : store_(store), fleet_(fleet), media_(media), verifier_(verifier), clock_(clock) {}

  // `instance` is the reporter, as its certificate says.
  //   kNotFound          call_not_found
  //   kPermissionDenied  call_foreign    another instance runs this call
  Task<absl::StatusOr<Call>> Report(const std::string& instance, const CallId& id,
                                    const Progress& progress);
  // The same errors; also for the instance that was asked to settle the call.
  Task<absl::StatusOr<Call>> Complete(const std::string& instance, const CallId& id,
                                      const Outcome& outcome);

  // Believes nothing before the carrier's signature is verified; then the event counts. What became
  // of a transfer changes nothing here: the instance that runs the call acts on it.
  //   kPermissionDenied  carrier_signature_invalid
  //   kNotFound          call_not_found
  //   kInvalidArgument   malformed_request  genuine, but not a status callback
  Task<absl::StatusOr<Call>> TakeCarrierEvent(const CallId& id, Provider carrier,
                                              const CarrierRequest& request);

  // The same of an inbound call, which the carrier's own name for it finds. If the caller hung up
  // before the agent spoke, the instance that waits for the stream is told, unless it is `reporter`
  // itself: a number's callbacks come to any.
  Task<absl::StatusOr<Call>> TakeInboundEvent(const std::string& reporter, Provider carrier,
                                              const CarrierRequest& request);

  // Hangs up. A call that has ended stays as it is.
  //   kNotFound     call_not_found    the tenant has no such call
  //   kUnavailable  peer_unreachable  the call's instance is out of reach
  Task<absl::StatusOr<Call>> End(const TenantId& tenant, const CallId& id);

  // kNotFound `call_not_found`.
  Task<absl::StatusOr<Call>> Get(const TenantId& tenant, const CallId& id);
  Task<absl::StatusOr<CallPage>> List(const TenantId& tenant, std::optional<CallCursor> after,
                                      int limit);

 private:
  Task<absl::Status> Verify(const Call& call, const CarrierRequest& request);
  Task<absl::StatusOr<Call>> TakeIn(const CallId& id, const CarrierEvent& event);
  Task<void> TellItsInstance(const Call& call);

  CallStore& store_;
  FleetStore& fleet_;
  MediaControl& media_;
  CarrierVerifier& verifier_;
  Clock& clock_;
};

}  // namespace latchkey::dialer
