#include "services/orchestrator/adapters/postgres_call_event_store.h"

#include <map>
#include <utility>

#include "lib/base/check.h"
#include "services/orchestrator/adapters/call_event_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr pg::Statement kMakeCalls{
    "call_make",
    "INSERT INTO calls (call_id, tenant_id)"
    "  SELECT DISTINCT call_id, tenant_id FROM unnest($1::text[], $2::text[])"
    "    AS given (call_id, tenant_id) ORDER BY call_id"
    "  ON CONFLICT DO NOTHING"};
// In one order, so that two batches with the same calls wait for each other and not crosswise.
constexpr pg::Statement kLockCalls{
    "call_lock",
    "SELECT call_id, tenant_id, last_position FROM calls"
    "  WHERE call_id = ANY ($1::text[]) ORDER BY call_id FOR UPDATE"};
constexpr pg::Statement kAddEvents{
    "call_event_add",
    "INSERT INTO call_events (call_id, position, source, sequence, kind, event_time, body)"
    "  SELECT call_id, position, $1, sequence, kind, event_time, body"
    "    FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[],"
    "      $7::bytea[]) AS given (call_id, position, sequence, kind, event_time, body)"
    "  ON CONFLICT (call_id, source, sequence) DO NOTHING"};
constexpr pg::Statement kAdvanceCalls{
    "call_advance",
    "UPDATE calls SET last_position = given.position, ended = calls.ended OR given.ended = 1"
    "  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS given (call_id, position, ended)"
    "  WHERE calls.call_id = given.call_id"};
constexpr pg::Statement kRead{
    "call_event_read",
    "SELECT calls.ended, events.position, events.body FROM calls LEFT JOIN LATERAL ("
    "    SELECT position, body FROM call_events"
    "      WHERE call_id = calls.call_id AND position > $3 ORDER BY position LIMIT $4) events ON "
    "true"
    "  WHERE calls.call_id = $1 AND calls.tenant_id = $2 ORDER BY events.position"};

struct CallRow {
  std::string tenant;
  int64_t position = 0;
  bool ended = false;
};
using CallRows = std::map<std::string, CallRow>;

// The columns of a batch.
struct Columns {
  std::vector<std::string> calls;
  std::vector<std::string> tenants;
  std::vector<int64_t> positions;
  std::vector<int64_t> sequences;
  std::vector<std::string> kinds;
  std::vector<absl::Time> times;
  std::vector<pg::Bytes> bodies;
};

Columns MakeColumns(const std::vector<CallEvent>& events) {
  Columns columns;
  for (const CallEvent& event : events) {
    pb::CallEvent message;
    FillCallEvent(event, message);
    columns.calls.push_back(event.call.text());
    columns.tenants.push_back(event.tenant.text());
    columns.sequences.push_back(event.sequence);
    columns.kinds.emplace_back(KindText(event));
    columns.times.push_back(event.time);
    columns.bodies.emplace_back(message.SerializeAsString());
  }
  return columns;
}

// Gives each event its position, after those that its call has. An event that is known already
// leaves a gap.
absl::Status Place(const std::vector<CallEvent>& events, CallRows& rows, Columns& columns) {
  for (const CallEvent& event : events) {
    CallRow& row = rows.at(event.call.text());
    if (row.tenant != event.tenant.text()) return Malformed("A call belongs to one tenant.");
    columns.positions.push_back(++row.position);
    row.ended = row.ended || IsEnd(event);
  }
  return absl::OkStatus();
}

pg::Params Advanced(const CallRows& rows) {
  std::vector<std::string> calls;
  std::vector<int64_t> positions;
  std::vector<int64_t> ended;
  for (const auto& [call, row] : rows) {
    calls.push_back(call);
    positions.push_back(row.position);
    ended.push_back(row.ended ? 1 : 0);
  }
  return pg::Params(calls, positions, ended);
}

CallEvent ReadEvent(const std::string& body) {
  pb::CallEvent message;
  Check(message.ParseFromString(body), "a row has a malformed call event");
  absl::StatusOr<CallEvent> event = ParseCallEvent(message);
  Check(event.ok(), "a row has an incomplete call event");
  return *std::move(event);
}

Task<absl::StatusOr<CallRows>> LockCalls(pg::Transaction& transaction, const Columns& columns) {
  absl::StatusOr<pg::Rows> made =
      co_await transaction.Query(kMakeCalls, pg::Params(columns.calls, columns.tenants));
  if (!made.ok()) co_return made.status();
  absl::StatusOr<pg::Rows> locked =
      co_await transaction.Query(kLockCalls, pg::Params(columns.calls));
  if (!locked.ok()) co_return locked.status();
  CallRows rows;
  for (const pg::Row row : *locked) rows[row.Text(0)] = CallRow{row.Text(1), row.Int(2)};
  co_return rows;
}

}  // namespace

Task<absl::Status> PostgresCallEventStore::Append(const std::string& source,
                                                  const std::vector<CallEvent>& events) {
  Columns columns = MakeColumns(events);
  absl::StatusOr<pg::Transaction> transaction = co_await pool_.Begin();
  if (!transaction.ok()) co_return transaction.status();
  absl::StatusOr<CallRows> calls = co_await LockCalls(*transaction, columns);
  if (!calls.ok()) co_return calls.status();
  if (absl::Status placed = Place(events, *calls, columns); !placed.ok()) co_return placed;

  absl::StatusOr<pg::Rows> added = co_await transaction->Query(
      kAddEvents, pg::Params(source, columns.calls, columns.positions, columns.sequences,
                             columns.kinds, columns.times, columns.bodies));
  if (!added.ok()) co_return added.status();
  absl::StatusOr<pg::Rows> advanced = co_await transaction->Query(kAdvanceCalls, Advanced(*calls));
  if (!advanced.ok()) co_return advanced.status();
  co_return co_await transaction->Commit();
}

Task<absl::StatusOr<EventPage>> PostgresCallEventStore::Read(const TenantId& tenant,
                                                             const CallId& call, int64_t position,
                                                             int limit) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kRead, pg::Params(call.text(), tenant.text(), position, limit));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return CallNotFound();
  EventPage page;
  page.ended = rows->front().Bool(0);
  for (const pg::Row row : *rows) {
    if (row.IsNull(1)) continue;  // The call has no events after the position.
    page.events.push_back({row.Int(1), ReadEvent(row.Bytes(2))});
  }
  co_return page;
}

}  // namespace latchkey::orchestrator
