// PlaceCall: admits a call and gives it to a media instance.
#pragma once

#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "services/dialer/domain/handover.h"
#include "services/dialer/domain/line_admission.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

struct Order {
  std::string request_id;
  TenantId tenant;
  NumberId number;
  E164 to;
};

// What placing a call asks of the world.
struct PlacingPorts {
  Directory& directory;
  LineAdmission& admission;
  DncList& dnc;
  FleetStore& fleet;
  CallStore& store;
  Handover& handover;
  const phone::NumberingPlan& plan;
  const phone::Zones& zones;
  Clock& clock;
  Random& random;
};

// Lives on one io thread. The ports outlive it.
class PlaceCall {
 public:
  explicit PlaceCall(const PlacingPorts& ports) : ports_(ports) {}

  // Places the call, or gives back the one that this request id has placed. The record is written
  // before any instance is asked, so a call is never started twice; one whose fate is unknown is
  // left to Settlement. Errors: those of Dialer.PlaceCall in dialer.proto.
  Task<absl::StatusOr<Call>> Place(const Order& order);

 private:
  Task<absl::StatusOr<Admitted>> Admit(const Order& order);
  Task<absl::Status> AdmitCallee(const Order& order, const Tenant& tenant);
  Task<absl::StatusOr<Call>> Launch(const Order& order, const Admitted& admitted);
  Task<absl::StatusOr<Call>> Earlier(const Order& order);
  Call NewCall(const Order& order, const Admitted& admitted) const;

  PlacingPorts ports_;
};

}  // namespace latchkey::dialer
