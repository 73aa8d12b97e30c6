// A call as a row of the table calls.
#pragma once

#include <string_view>

#include "lib/pg/row.h"
#include "services/dialer/domain/call.h"

namespace latchkey::dialer {

// The columns that ReadCall reads, in its order; for `SELECT` and `RETURNING`.
#define LATCHKEY_CALL_COLUMNS                                                                    \
  "c.call_id, c.tenant_id, c.number_id, c.request_id, c.from_e164, c.to_e164, c.carrier, "       \
  "c.carrier_tenant_id, c.carrier_number_id, c.llm_tenant_id, c.llm_number_id, c.mode, "         \
  "c.rate_id, c.rate_currency, c.rate_micros, c.rate_increment_s, c.create_time, "               \
  "c.media_instance, c.media_incarnation, c.state, c.disposition, c.reason, c.message, "         \
  "c.carrier_call_id, c.carrier_sequence, c.carrier_end_disposition, c.carrier_end_answered_s, " \
  "c.carrier_end_time, c.answer_time, c.end_time, c.answered_s, c.settler, c.direction"

Call ReadCall(const pg::Row& row);

// What a new call's INSERT takes, in the columns' order up to and with `state`, and then the
// direction, the carrier's name for it, and how it ended if it has.
pg::Params NewCallParams(const Call& call);
// What a changed call's UPDATE takes: the id, then `state` and everything behind it.
pg::Params ChangedCallParams(const Call& call);

std::string_view StateText(CallState state);
std::string_view DispositionText(Disposition disposition);  // "" for kNone.

}  // namespace latchkey::dialer
