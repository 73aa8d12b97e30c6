#include "services/dialer/adapters/usage_message.h"

#include "latchkey/billing/v1/billing.pb.h"
#include "lib/base/check.h"
#include "services/dialer/adapters/billing_mode.h"
#include "services/dialer/adapters/times.h"

namespace latchkey::dialer {

std::string UsageMessage(const Call& call) {
  Check(call.end_time.has_value(), "only an ended call has usage");
  billing::v1::RecordUsageRequest request;
  request.set_call_id(call.id.text());
  request.set_tenant_id(call.tenant.text());
  request.set_number_id(call.number.text());
  request.mutable_answered_duration()->set_seconds(call.answered_s);
  billing::v1::Rate& rate = *request.mutable_rate();
  rate.set_rate_id(call.rate.rate_id);
  rate.mutable_increment_duration()->set_seconds(call.rate.increment_s);
  rate.mutable_per_minute()->set_currency_code(call.rate.per_minute.currency);
  rate.mutable_per_minute()->set_micros(call.rate.per_minute.micros);
  request.set_mode(ToMode(call.mode));
  FillTime(*call.end_time, *request.mutable_end_time());
  return request.SerializeAsString();
}

}  // namespace latchkey::dialer
