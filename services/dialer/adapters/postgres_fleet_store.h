// Heartbeats in the table media_instances.
#pragma once

#include "lib/pg/pool.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class PostgresFleetStore final : public FleetStore {
 public:
  explicit PostgresFleetStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::Status> Beat(const MediaInstance& instance) override;
  Task<absl::StatusOr<std::vector<MediaInstance>>> List() override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::dialer
