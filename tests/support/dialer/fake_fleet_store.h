// FakeFleetStore: heartbeats in memory. Counts live calls as the instances told them.
#pragma once

#include <map>
#include <string>

#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class FakeFleetStore final : public FleetStore {
 public:
  Task<absl::Status> Beat(const MediaInstance& instance) override {
    instances_[instance.name] = instance;
    co_return absl::OkStatus();
  }

  Task<absl::StatusOr<std::vector<MediaInstance>>> List() override {
    std::vector<MediaInstance> fleet;
    for (const auto& [name, instance] : instances_) fleet.push_back(instance);
    co_return fleet;
  }

 private:
  std::map<std::string, MediaInstance> instances_;
};

}  // namespace latchkey::dialer
