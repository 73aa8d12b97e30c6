// Switchboard: knows on which thread each call of the instance runs.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/metrics.h"
#include "lib/base/random.h"
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

  // Gives the one-time token of an inbound call's stream, "" for an outbound one. A call that runs
  // here already is taken again without a word, and has the same token.
  //   kResourceExhausted  instance_full
  //   kUnavailable        instance_draining
  absl::StatusOr<std::string> Start(CallSpec spec, Ticket ticket);
  // True when one more call can be taken, or the inbound call of this name runs here.
  bool HasRoomFor(const std::string& carrier_call_id) const;
  // kNotFound `call_not_found`.
  absl::Status End(const std::string& call_id, const std::string& reason);
  void EndAll(const std::string& reason);
  void LoseKeys(const std::string& call_id, std::string_view reason);
  void OnCarrierState(const std::string& call_id, CarrierCall::State state);
  void OnTransferResult(const std::string& call_id, TransferResult result);
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
  struct Live {
    CallRoom* room = nullptr;
    std::string stream_token;     // Inbound only.
    std::string carrier_call_id;  // Inbound only.
  };

  CallRoom* RoomOf(const std::string& call_id);
  absl::Status Refusal() const;

  Executor host_;
  const int capacity_;
  SystemRandom random_;
  bool draining_ = false;
  std::vector<std::unique_ptr<CallRoom>> rooms_;
  size_t next_room_ = 0;
  std::map<std::string, Live> calls_;
  std::set<std::string> inbound_;              // By the carrier's names.
  std::map<std::string, std::string> tokens_;  // To the call.
  metrics::Gauge& live_gauge_;
};

}  // namespace latchkey::media
