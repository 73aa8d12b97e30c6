#include "services/media/adapters/call_room.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "lib/base/id.h"
#include "lib/base/log.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"

namespace latchkey::media {

CallRoom::CallRoom(Ports ports)
    : ports_(std::move(ports)),
      client_(ports_.executor, ports_.tls),
      stage_({.executor = ports_.executor,
              .tls = ports_.tls,
              .client = client_,
              .leases = ports_.leases,
              .recordings = ports_.recordings,
              .door = *this,
              .addresses = ports_.addresses,
              .orchestrator = ports_.orchestrator}) {}

void CallRoom::Start(CallSpec spec, Ticket ticket) {
  Spawn(ports_.executor, "media call", Run(std::move(spec), std::move(ticket)));
}

Task<void> CallRoom::Run(CallSpec spec, Ticket ticket) {
  const std::string call_id = spec.call_id;
  CallEventSource events(ports_.log, call_id, spec.tenant_id, spec.direction);
  log::Info("call begins", {{"call_id", call_id}, {"tenant_id", spec.tenant_id}});
  Call call(std::move(spec), std::move(ticket),
            {.stage = *this, .reports = ports_.reports, .log = events, .clock = clock_});
  calls_[call_id] = &call;
  co_await call.Run();
  calls_.erase(call_id);
  early_.erase(call_id);
  closed_.erase(call_id);
  log::Info("call is over", {{"call_id", call_id},
                             {"disposition", DispositionText(call.outcome().disposition)},
                             {"reason", call.outcome().reason}});
  ports_.on_over(call_id);
}

Task<absl::StatusOr<std::unique_ptr<CallParts>>> CallRoom::Open(const CallSpec& spec,
                                                                const Ticket& ticket) {
  absl::StatusOr<std::unique_ptr<CallParts>> parts = co_await stage_.Open(spec, ticket);
  if (parts.ok()) co_return parts;
  closed_.insert(spec.call_id);
  early_.erase(spec.call_id);
  co_return parts;
}

void CallRoom::With(std::string call_id, std::function<void(Call&)> act) {
  boost::asio::post(ports_.executor, [this, call_id = std::move(call_id), act = std::move(act)] {
    const auto found = calls_.find(call_id);
    if (found != calls_.end()) act(*found->second);
  });
}

void CallRoom::End(std::string call_id, std::string reason) {
  With(std::move(call_id), [reason = std::move(reason)](Call& call) { call.End(reason); });
}

void CallRoom::LoseKeys(std::string call_id, std::string_view reason) {
  With(std::move(call_id), [reason](Call& call) { call.LoseKeys(reason); });
}

void CallRoom::OnCarrierState(std::string call_id, CarrierCall::State state) {
  With(std::move(call_id), [state](Call& call) { call.OnCarrierState(state); });
}

void CallRoom::OnTransferResult(std::string call_id, TransferResult result) {
  With(std::move(call_id), [result](Call& call) { call.OnTransferResult(result); });
}

void CallRoom::OpenStream(std::string call_id, std::unique_ptr<http::PendingUpgrade> upgrade) {
  boost::asio::post(ports_.executor,
                    [this, call_id = std::move(call_id), upgrade = std::move(upgrade)]() mutable {
                      const auto found = legs_.find(call_id);
                      if (found != legs_.end()) {
                        found->second->Open(std::move(upgrade));
                      } else if (calls_.contains(call_id) && !closed_.contains(call_id)) {
                        early_[call_id] = std::move(upgrade);
                      }
                    });
}

std::string CallRoom::MakeToken(const std::string& call_id) {
  SystemRandom random;
  std::string token = MakeIdText("", random);
  ports_.on_token(token, call_id);
  return token;
}

void CallRoom::Bind(const std::string& call_id, TwilioLeg* leg) {
  if (leg == nullptr) {
    legs_.erase(call_id);
    return;
  }
  legs_[call_id] = leg;
  auto early = early_.extract(call_id);
  if (!early.empty()) leg->Open(std::move(early.mapped()));
}

}  // namespace latchkey::media
