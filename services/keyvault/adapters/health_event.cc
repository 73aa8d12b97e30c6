#include "services/keyvault/adapters/health_event.h"

#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "services/keyvault/adapters/convert.h"

namespace latchkey::keyvault {

std::string EventMessage(const HealthEvent& event) {
  orchestrator::v1::RecordEventRequest request;
  orchestrator::v1::Event& told = *request.mutable_event();
  told.set_event_id(event.id.text());
  told.set_tenant_id(event.slot.tenant.text());
  told.set_kind("key_health_changed");
  *told.mutable_event_time() = ToTimestamp(event.after.since);
  told.set_message(HealthMessage(event.slot.provider, event.after));
  auto& details = *told.mutable_details();
  details["provider"] = provider::Name(event.slot.provider);
  details["key_id"] = event.key.text();
  if (!event.slot.number.empty()) details["number_id"] = event.slot.number.text();
  details["from"] = Word(event.before);
  details["to"] = Word(event.after.status);
  if (!event.after.reason.empty()) details["reason"] = event.after.reason;
  return request.SerializeAsString();
}

}  // namespace latchkey::keyvault
