#include "services/media/adapters/switchboard.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/id.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {

Switchboard::Switchboard(Executor host, int capacity)
    : host_(std::move(host)),
      capacity_(capacity),
      live_gauge_(metrics::MakeGauge("latchkey_media_calls_live", "Calls that run here.")) {}

absl::Status Switchboard::Refusal() const {
  if (draining_) {
    return Error(absl::StatusCode::kUnavailable, reasons::kInstanceDraining,
                 "This instance takes no new calls; choose another one.");
  }
  if (live() >= capacity_) {
    return Error(absl::StatusCode::kResourceExhausted, reasons::kInstanceFull,
                 "This instance has no room; choose another one.");
  }
  return absl::OkStatus();
}

bool Switchboard::HasRoomFor(const std::string& carrier_call_id) const {
  return inbound_.contains(carrier_call_id) || Refusal().ok();
}

absl::StatusOr<std::string> Switchboard::Start(CallSpec spec, Ticket ticket) {
  const auto known = calls_.find(spec.call_id);
  if (known != calls_.end()) return known->second.stream_token;
  if (absl::Status refusal = Refusal(); !refusal.ok()) return refusal;
  // Calls are much alike, so turns share them out evenly enough.
  Live& call = calls_[spec.call_id];
  call.room = rooms_[next_room_++ % rooms_.size()].get();
  if (spec.direction == Direction::kInbound) {
    call.stream_token = MakeIdText("", random_);
    call.carrier_call_id = spec.carrier_call_id;
    tokens_[call.stream_token] = spec.call_id;
    inbound_.insert(call.carrier_call_id);
    spec.stream_token = call.stream_token;
  }
  live_gauge_.Set(live());
  std::string token = call.stream_token;
  call.room->Start(std::move(spec), std::move(ticket));
  return token;
}

CallRoom* Switchboard::RoomOf(const std::string& call_id) {
  const auto found = calls_.find(call_id);
  return found == calls_.end() ? nullptr : found->second.room;
}

absl::Status Switchboard::End(const std::string& call_id, const std::string& reason) {
  CallRoom* room = RoomOf(call_id);
  if (room == nullptr) {
    return Error(absl::StatusCode::kNotFound, reasons::kCallNotFound, "No such call runs here.");
  }
  room->End(call_id, reason);
  return absl::OkStatus();
}

void Switchboard::EndAll(const std::string& reason) {
  for (const auto& [call_id, call] : calls_) call.room->End(call_id, reason);
}

void Switchboard::LoseKeys(const std::string& call_id, std::string_view reason) {
  if (CallRoom* room = RoomOf(call_id)) room->LoseKeys(call_id, reason);
}

void Switchboard::OnCarrierState(const std::string& call_id, CarrierCall::State state) {
  if (CallRoom* room = RoomOf(call_id)) room->OnCarrierState(call_id, state);
}

void Switchboard::OnTransferResult(const std::string& call_id, TransferResult result) {
  if (CallRoom* room = RoomOf(call_id)) room->OnTransferResult(call_id, result);
}

bool Switchboard::OpenStream(const std::string& token,
                             std::unique_ptr<http::PendingUpgrade> upgrade) {
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) return false;
  const std::string call_id = found->second;
  tokens_.erase(found);
  CallRoom* room = RoomOf(call_id);
  if (room == nullptr) return false;
  room->OpenStream(call_id, std::move(upgrade));
  return true;
}

void Switchboard::PostToken(std::string token, std::string call_id) {
  boost::asio::post(host_, [this, token = std::move(token), call_id = std::move(call_id)] {
    tokens_[token] = call_id;
  });
}

void Switchboard::PostOver(std::string call_id) {
  boost::asio::post(host_, [this, call_id = std::move(call_id)] {
    const auto found = calls_.find(call_id);
    if (found == calls_.end()) return;
    inbound_.erase(found->second.carrier_call_id);
    calls_.erase(found);
    std::erase_if(tokens_, [&](const auto& one) { return one.second == call_id; });
    live_gauge_.Set(live());
  });
}

}  // namespace latchkey::media
