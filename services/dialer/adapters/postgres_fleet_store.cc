#include "services/dialer/adapters/postgres_fleet_store.h"

namespace latchkey::dialer {
namespace {

constexpr pg::Statement kBeat{
    "dialer_beat",
    "INSERT INTO media_instances (name, address, incarnation, capacity, live_calls, draining, "
    "heartbeat_time) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET "
    "address = $2, incarnation = $3, capacity = $4, live_calls = $5, draining = $6, "
    "heartbeat_time = $7"};

constexpr pg::Statement kList{
    "dialer_list_fleet",
    "SELECT i.name, i.address, i.incarnation, i.capacity, greatest(i.live_calls, "
    "(SELECT count(*) FROM calls c WHERE c.media_instance = i.name AND c.state <> 'ended' "
    "AND c.media_incarnation = i.incarnation)), "
    "i.draining, i.heartbeat_time FROM media_instances i ORDER BY i.name"};

}  // namespace

Task<absl::Status> PostgresFleetStore::Beat(const MediaInstance& instance) {
  const pg::Params params(instance.name, instance.address, instance.incarnation, instance.capacity,
                          instance.live_calls, instance.draining, instance.heartbeat_time);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kBeat, params);
  co_return rows.status();
}

Task<absl::StatusOr<std::vector<MediaInstance>>> PostgresFleetStore::List() {
  const pg::Params none;
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kList, none);
  if (!rows.ok()) co_return rows.status();
  std::vector<MediaInstance> fleet;
  for (const pg::Row row : *rows) {
    MediaInstance instance;
    instance.name = row.Text(0);
    instance.address = row.Text(1);
    instance.incarnation = row.Text(2);
    instance.capacity = row.Int(3);
    instance.live_calls = row.Int(4);
    instance.draining = row.Bool(5);
    instance.heartbeat_time = row.Time(6);
    fleet.push_back(std::move(instance));
  }
  co_return fleet;
}

}  // namespace latchkey::dialer
