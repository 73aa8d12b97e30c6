#include "services/dialer/adapters/postgres_call_store.h"

#include "lib/base/error.h"
#include "lib/pg/outbox.h"
#include "services/dialer/adapters/call_row.h"
#include "services/dialer/adapters/usage_message.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

// One admission at a time for each tenant and each LLM account, so that counts hold until commit.
// Always in this order, so that two admissions cannot wait for each other.
constexpr pg::Statement kLockTenant{
    "dialer_lock_tenant",
    "SELECT pg_advisory_xact_lock(hashtextextended('tenant ' || $1::text, 0))"};
constexpr pg::Statement kLockLlm{
    "dialer_lock_llm",
    "SELECT pg_advisory_xact_lock(hashtextextended('llm ' || $1::text || ' ' || $2::text, 0))"};

constexpr pg::Statement kCountLive{
    "dialer_count_live",
    "SELECT (SELECT count(*) FROM calls WHERE tenant_id = $1 AND state <> 'ended'), "
    "(SELECT count(*) FROM calls WHERE llm_tenant_id = $2 AND llm_number_id = $3 "
    "AND state <> 'ended')"};

constexpr pg::Statement kInsert{
    "dialer_insert_call",
    "INSERT INTO calls (call_id, tenant_id, number_id, request_id, from_e164, to_e164, carrier, "
    "carrier_tenant_id, carrier_number_id, llm_tenant_id, llm_number_id, mode, rate_id, "
    "rate_currency, rate_micros, rate_increment_s, create_time, media_instance, "
    "media_incarnation, state, direction, carrier_call_id, disposition, reason, message, end_time) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
    "$20, $21, $22, $23, $24, $25, $26) ON CONFLICT (tenant_id, request_id) DO NOTHING "
    "RETURNING call_id"};

constexpr pg::Statement kAssign{"dialer_assign_call",
                                "UPDATE calls SET media_instance = $2, media_incarnation = $3 "
                                "WHERE call_id = $1 AND state = 'queued'"};

constexpr pg::Statement kWithdraw{"dialer_withdraw_call",
                                  "DELETE FROM calls WHERE call_id = $1 AND state = 'queued'"};

constexpr pg::Statement kFind{"dialer_find_call",
                              "SELECT " LATCHKEY_CALL_COLUMNS " FROM calls c WHERE c.call_id = $1"};

constexpr pg::Statement kFindByRequest{
    "dialer_find_call_by_request",
    "SELECT " LATCHKEY_CALL_COLUMNS " FROM calls c WHERE c.tenant_id = $1 AND c.request_id = $2"};

constexpr pg::Statement kFindInbound{
    "dialer_find_inbound",
    "SELECT " LATCHKEY_CALL_COLUMNS
    " FROM calls c WHERE c.carrier = $1 AND c.carrier_call_id = $2 AND c.direction = 'inbound'"};

constexpr pg::Statement kLock{"dialer_lock_call", "SELECT " LATCHKEY_CALL_COLUMNS
                                                  " FROM calls c WHERE c.call_id = $1 FOR UPDATE"};

constexpr pg::Statement kUpdate{
    "dialer_update_call",
    "UPDATE calls SET state = $2, disposition = $3, reason = $4, message = $5, "
    "carrier_call_id = $6, carrier_sequence = $7, carrier_end_disposition = $8, "
    "carrier_end_answered_s = $9, carrier_end_time = $10, answer_time = $11, end_time = $12, "
    "answered_s = $13, settler = $14 WHERE call_id = $1"};

constexpr pg::Statement kList{
    "dialer_list_calls",
    "SELECT " LATCHKEY_CALL_COLUMNS
    " FROM calls c WHERE c.tenant_id = $1 "
    "AND ($2::timestamptz IS NULL OR (c.create_time, c.call_id) < ($2, $3::text)) "
    "ORDER BY c.create_time DESC, c.call_id DESC LIMIT $4"};

constexpr pg::Statement kClaimLost{
    "dialer_claim_lost",
    "UPDATE calls c SET settle_after = $4 WHERE c.call_id IN ("
    "SELECT l.call_id FROM calls l LEFT JOIN media_instances i ON i.name = l.media_instance "
    "WHERE l.state <> 'ended' AND l.settle_after <= $5 AND ("
    "i.name IS NULL OR i.heartbeat_time < $1 OR i.incarnation <> l.media_incarnation "
    "OR (l.state = 'queued' AND l.create_time < $2) OR l.carrier_end_time < $3) "
    "AND (l.carrier_call_id <> '' OR l.create_time < $7) "
    "ORDER BY l.create_time LIMIT $6 FOR UPDATE OF l SKIP LOCKED) "
    "RETURNING " LATCHKEY_CALL_COLUMNS};

absl::Status NoSuchCall() {
  return Error(absl::StatusCode::kNotFound, reasons::kCallNotFound, "There is no such call.");
}

absl::Status RequestIdReused() {
  return Error(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused,
               "The tenant has a call of this request id.");
}

absl::StatusOr<Call> OneCall(const absl::StatusOr<pg::Rows>& rows) {
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return NoSuchCall();
  return ReadCall(rows->front());
}

absl::StatusOr<std::vector<Call>> ManyCalls(const absl::StatusOr<pg::Rows>& rows) {
  if (!rows.ok()) return rows.status();
  std::vector<Call> calls;
  for (const pg::Row row : *rows) calls.push_back(ReadCall(row));
  return calls;
}

Task<absl::StatusOr<LiveCounts>> CountLive(pg::Transaction& transaction, const Call& call) {
  const pg::Params tenant(call.tenant.text());
  const pg::Params llm(call.llm_scope.tenant.text(), call.llm_scope.number.text());
  absl::StatusOr<pg::Rows> locked = co_await transaction.Query(kLockTenant, tenant);
  if (!locked.ok()) co_return locked.status();
  if (!call.llm_scope.tenant.text().empty()) locked = co_await transaction.Query(kLockLlm, llm);
  if (!locked.ok()) co_return locked.status();
  const pg::Params both(call.tenant.text(), call.llm_scope.tenant.text(),
                        call.llm_scope.number.text());
  absl::StatusOr<pg::Rows> counts = co_await transaction.Query(kCountLive, both);
  if (!counts.ok()) co_return counts.status();
  const pg::Row row = counts->front();
  co_return LiveCounts{row.Int(0), row.Int(1)};
}

}  // namespace

Task<absl::Status> PostgresCallStore::Admit(const Call& call, const Ceilings& ceilings) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<LiveCounts> live = co_await CountLive(transaction, call);
  if (!live.ok()) co_return live.status();
  const pg::Params request(call.tenant.text(), call.request_id);
  absl::StatusOr<pg::Rows> earlier = co_await transaction.Query(kFindByRequest, request);
  if (!earlier.ok()) co_return earlier.status();
  if (!earlier->empty()) {
    co_return RequestIdReused();
  }
  absl::Status room = AdmitOneMore(ceilings, *live);
  if (!room.ok()) co_return room;
  const pg::Params values = NewCallParams(call);
  absl::StatusOr<pg::Rows> inserted = co_await transaction.Query(kInsert, values);
  if (!inserted.ok()) co_return inserted.status();
  co_return co_await transaction.Commit();
}

Task<absl::Status> PostgresCallStore::RecordRefused(const Call& call) {
  const pg::Params values = NewCallParams(call);
  absl::StatusOr<pg::Rows> inserted = co_await pool_.Query(kInsert, values);
  if (!inserted.ok()) co_return inserted.status();
  if (inserted->empty()) co_return RequestIdReused();
  co_return absl::OkStatus();
}

Task<absl::Status> PostgresCallStore::Assign(const CallId& id, const MediaInstance& instance) {
  const pg::Params params(id.text(), instance.name, instance.incarnation);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kAssign, params);
  co_return rows.status();
}

Task<absl::Status> PostgresCallStore::Withdraw(const CallId& id) {
  const pg::Params params(id.text());
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kWithdraw, params);
  co_return rows.status();
}

Task<absl::StatusOr<Call>> PostgresCallStore::Find(const CallId& id) {
  const pg::Params params(id.text());
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFind, params);
  co_return OneCall(rows);
}

Task<absl::StatusOr<Call>> PostgresCallStore::FindByRequest(const TenantId& tenant,
                                                            const std::string& request_id) {
  const pg::Params params(tenant.text(), request_id);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFindByRequest, params);
  co_return OneCall(rows);
}

Task<absl::StatusOr<Call>> PostgresCallStore::FindInbound(Provider carrier,
                                                          const std::string& carrier_call_id) {
  const pg::Params params(static_cast<int>(carrier), carrier_call_id);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFindInbound, params);
  co_return OneCall(rows);
}

Task<absl::StatusOr<std::vector<Call>>> PostgresCallStore::List(const TenantId& tenant,
                                                                std::optional<CallCursor> after,
                                                                int limit) {
  std::optional<absl::Time> after_time;
  std::optional<std::string> after_call;
  if (after.has_value()) {
    after_time = after->create_time;
    after_call = after->call;
  }
  const pg::Params params(tenant.text(), after_time, after_call, limit);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kList, params);
  co_return ManyCalls(rows);
}

Task<absl::StatusOr<Call>> PostgresCallStore::Update(const CallId& id,
                                                     const Transition& transition) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  const pg::Params key(id.text());
  absl::StatusOr<pg::Rows> rows = co_await transaction.Query(kLock, key);
  absl::StatusOr<Call> call = OneCall(rows);
  if (!call.ok()) co_return call.status();
  const bool had_ended = call->state == CallState::kEnded;
  absl::Status applied = transition(*call);
  if (!applied.ok()) co_return applied;

  const pg::Params values = ChangedCallParams(*call);
  absl::StatusOr<pg::Rows> written = co_await transaction.Query(kUpdate, values);
  if (!written.ok()) co_return written.status();
  const bool ends = !had_ended && call->state == CallState::kEnded;
  if (ends) {
    const std::string payload = UsageMessage(*call);
    absl::Status queued =
        co_await pg::PutInOutbox(transaction, kUsageTopic, call->id.text(), payload);
    if (!queued.ok()) co_return queued;
  }
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  if (ends) on_usage_();
  co_return call;
}

Task<absl::StatusOr<std::vector<Call>>> PostgresCallStore::ClaimLost(const LostCalls& lost,
                                                                     int limit) {
  const pg::Params params(lost.silent_since, lost.queued_since, lost.ended_since, lost.retry_time,
                          lost.now, limit, lost.listed_since);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kClaimLost, params);
  co_return ManyCalls(rows);
}

}  // namespace latchkey::dialer
