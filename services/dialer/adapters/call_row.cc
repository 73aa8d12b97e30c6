#include "services/dialer/adapters/call_row.h"

#include <array>
#include <string>

#include "lib/base/check.h"

namespace latchkey::dialer {
namespace {

constexpr std::array<std::string_view, 5> kStates = {"queued", "placing", "ringing", "answered",
                                                     "ended"};
constexpr std::array<std::string_view, 6> kDispositions = {"",          "completed", "busy",
                                                           "no_answer", "failed",    "canceled"};
constexpr std::array<std::string_view, 3> kModes = {"bundled", "byok_tenant", "byok_number"};
constexpr std::string_view kInbound = "inbound";
constexpr std::string_view kOutbound = "outbound";

template <typename Enum, size_t N>
Enum FromText(const std::array<std::string_view, N>& names, const std::string& text) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  Check(false, "a row of calls holds a word that we wrote");
  return Enum{};
}

// The rows' ids were checked when they were written.
template <typename Id>
Id Trusted(const std::string& text) {
  if (text.empty()) return Id();
  absl::StatusOr<Id> id = Id::Parse(text);
  Check(id.ok(), "an id in calls is well formed");
  return *std::move(id);
}

void ReadAdmission(const pg::Row& row, Call& call) {
  call.id = Trusted<CallId>(row.Text(0));
  call.tenant = Trusted<TenantId>(row.Text(1));
  call.number = Trusted<NumberId>(row.Text(2));
  call.request_id = row.Text(3);
  call.from = row.Text(4);
  call.to = row.Text(5);
  call.carrier = static_cast<Provider>(row.Int(6));
  call.carrier_scope = KeyScope{Trusted<TenantId>(row.Text(7)), Trusted<NumberId>(row.Text(8))};
  call.llm_scope = KeyScope{Trusted<TenantId>(row.Text(9)), Trusted<NumberId>(row.Text(10))};
  call.mode = FromText<BillingMode>(kModes, row.Text(11));
  call.rate.rate_id = row.Text(12);
  call.rate.per_minute = Money{.currency = row.Text(13), .micros = row.Int(14)};
  call.rate.increment_s = row.Int(15);
  call.create_time = row.Time(16);
  call.media_instance = row.Text(17);
  call.media_incarnation = row.Text(18);
  call.direction = row.Text(32) == kInbound ? Direction::kInbound : Direction::kOutbound;
}

void ReadCourse(const pg::Row& row, Call& call) {
  call.state = FromText<CallState>(kStates, row.Text(19));
  call.disposition = FromText<Disposition>(kDispositions, row.Text(20));
  call.reason = row.Text(21);
  call.message = row.Text(22);
  call.carrier_call_id = row.Text(23);
  call.carrier_sequence = row.Int(24);
  if (!row.IsNull(25)) {
    const auto disposition = FromText<Disposition>(kDispositions, row.Text(25));
    call.carrier_end = CarrierEnd{disposition, row.Int(26), row.Time(27)};
  }
  call.answer_time = row.OptionalTime(28);
  call.end_time = row.OptionalTime(29);
  call.answered_s = row.Int(30);
  call.settler = row.Text(31);
}

}  // namespace

std::string_view StateText(CallState state) { return kStates[static_cast<size_t>(state)]; }

std::string_view DispositionText(Disposition disposition) {
  return kDispositions[static_cast<size_t>(disposition)];
}

Call ReadCall(const pg::Row& row) {
  Call call;
  ReadAdmission(row, call);
  ReadCourse(row, call);
  return call;
}

pg::Params NewCallParams(const Call& call) {
  const std::string_view mode = kModes[static_cast<size_t>(call.mode)];
  return pg::Params(
      call.id.text(), call.tenant.text(), call.number.text(), call.request_id, call.from, call.to,
      static_cast<int>(call.carrier), call.carrier_scope.tenant.text(),
      call.carrier_scope.number.text(), call.llm_scope.tenant.text(), call.llm_scope.number.text(),
      mode, call.rate.rate_id, call.rate.per_minute.currency, call.rate.per_minute.micros,
      call.rate.increment_s, call.create_time, call.media_instance, call.media_incarnation,
      StateText(call.state), call.direction == Direction::kInbound ? kInbound : kOutbound,
      call.carrier_call_id, DispositionText(call.disposition), call.reason, call.message,
      call.end_time);
}

pg::Params ChangedCallParams(const Call& call) {
  pg::Params params(call.id.text(), StateText(call.state), DispositionText(call.disposition),
                    call.reason, call.message, call.carrier_call_id, call.carrier_sequence);
  if (call.carrier_end.has_value()) {
    params.Add(DispositionText(call.carrier_end->disposition));
    params.Add(call.carrier_end->answered_s).Add(call.carrier_end->time);
  } else {
    params.Add(std::nullopt).Add(std::nullopt).Add(std::nullopt);
  }
  params.Add(call.answer_time).Add(call.end_time).Add(call.answered_s).Add(call.settler);
  return params;
}

}  // namespace latchkey::dialer
