// Switchboard: knows on which thread each call of the instance runs.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/metrics.h"
#include "lib/http/server.h"
#include "services/media/adapters/call_room.h"

namespace latchkey::media {

// Lives on the host's io thread; the rooms report back to it by posting.
class Switchboard {
 public:
  Switchboard(Executor host, int capacity);

  // The rooms are made after it, since they report to it.
  void AddRoom(std::unique_ptr<CallRoom> room) { rooms_.push_back(std::move(room)); }
  void RemoveRooms() { rooms_.clear(); }

  // A call that runs here already is taken again without a word.
  //   kResourceExhausted  instance_full
  //   kUnavailable        instance_draining
  absl::Status Start(CallSpec spec, Ticket ticket);
  // kNotFound `call_not_found`.
  absl::Status End(const std::string& call_id, const std::string& reason);
  void EndAll(const std::string& reason);
  void LoseKeys(const std::string& call_id, std::string_view reason);
  void OnCarrierState(const std::string& call_id, CarrierCall::State state);
  // False: the token is none of ours, or was used.
  bool OpenStream(const std::string& token, std::unique_ptr<http::PendingUpgrade> upgrade);

  // From any thread.
  void PostToken(std::string token, std::string call_id);
  void PostOver(std::string call_id);

  void Drain() { draining_ = true; }
  bool draining() const { return draining_; }
  int capacity() const { return capacity_; }
  int live() const { return static_cast<int>(calls_.size()); }
  bool knows_token(const std::string& token) const { return tokens_.contains(token); }

 private:
  CallRoom* RoomOf(const std::string& call_id);

  Executor host_;
  const int capacity_;
  bool draining_ = false;
  std::vector<std::unique_ptr<CallRoom>> rooms_;
  size_t next_room_ = 0;
  std::map<std::string, CallRoom*> calls_;
  std::map<std::string, std::string> tokens_;  // To the call.
  metrics::Gauge& live_gauge_;
};

}  // namespace latchkey::media
