#include "services/orchestrator/adapters/postgres_tenant_event_store.h"

#include "lib/base/check.h"

namespace latchkey::orchestrator {
namespace {

constexpr pg::Statement kAdd{
    "tenant_event_add",
    "INSERT INTO tenant_events (event_id, tenant_id, kind, event_time, message, detail_names,"
    "    detail_values, source)"
    "  VALUES ($1, $2, $3, $4, $5, $6::text[], $7::text[], $8)"
    "  ON CONFLICT (event_id) DO NOTHING"};
constexpr pg::Statement kList{
    "tenant_event_list",
    "SELECT position, event_id, kind, event_time, message, detail_names, detail_values, source"
    "  FROM tenant_events WHERE tenant_id = $1 AND position < $2 ORDER BY position DESC LIMIT $3"};

constexpr pg::Statement kDeleteBefore{
    "tenant_event_delete_before",
    "DELETE FROM tenant_events WHERE position IN"
    "  (SELECT position FROM tenant_events WHERE event_time < $1 ORDER BY event_time LIMIT $2)"};

KeptEvent ReadEvent(const TenantId& tenant, const pg::Row& row) {
  absl::StatusOr<EventId> id = EventId::Parse(row.Text(1));
  Check(id.ok(), "a row of tenant_events has a malformed id");
  const std::vector<std::string> names = row.Texts(5);
  const std::vector<std::string> values = row.Texts(6);
  Check(names.size() == values.size(), "every detail has a name and a value");
  KeptEvent kept{row.Int(0),
                 {*std::move(id), tenant, row.Text(2), row.Time(3), row.Text(4), {}, row.Text(7)}};
  for (size_t i = 0; i < names.size(); ++i) kept.event.details[names[i]] = values[i];
  return kept;
}

}  // namespace

Task<absl::Status> PostgresTenantEventStore::Add(const TenantEvent& event) {
  std::vector<std::string> names, values;
  for (const auto& [name, value] : event.details) {
    names.push_back(name);
    values.push_back(value);
  }
  const pg::Params params(event.id.text(), event.tenant.text(), event.kind, event.time,
                          event.message, names, values, event.source);
  absl::StatusOr<pg::Rows> added = co_await pool_.Query(kAdd, params);
  co_return added.status();
}

Task<absl::StatusOr<std::vector<KeptEvent>>> PostgresTenantEventStore::List(const TenantId& tenant,
                                                                            int64_t before,
                                                                            int limit) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kList, pg::Params(tenant.text(), before, limit));
  if (!rows.ok()) co_return rows.status();
  std::vector<KeptEvent> events;
  for (const pg::Row row : *rows) events.push_back(ReadEvent(tenant, row));
  co_return events;
}

Task<absl::StatusOr<int64_t>> PostgresTenantEventStore::DeleteBefore(absl::Time time, int limit) {
  absl::StatusOr<pg::Rows> deleted = co_await pool_.Query(kDeleteBefore, pg::Params(time, limit));
  if (!deleted.ok()) co_return deleted.status();
  co_return static_cast<int64_t>(deleted->affected());
}

}  // namespace latchkey::orchestrator
