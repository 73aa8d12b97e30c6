// Media instances, each spoken to at the address that its heartbeats tell.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "latchkey/media/v1/media.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// Lives on one io thread. The server must prove to be the instance that it is taken for.
class GrpcMedia final : public MediaControl {
 public:
  explicit GrpcMedia(rpc::Peers& peers) : peers_(peers) {}

  Task<absl::StatusOr<std::string>> Start(const MediaInstance& instance, const Call& call,
                                          const AgentSettings& agent,
                                          const SignedTicket& ticket) override;
  Task<absl::Status> End(const MediaInstance& instance, const Call& call,
                         const std::string& reason) override;
  Task<absl::Status> Settle(const MediaInstance& instance, const Call& call,
                            const SignedTicket& ticket) override;
  Task<absl::Status> Configure(const MediaInstance& instance, const Call& setup,
                               const SignedTicket& ticket) override;

 private:
  using Client = rpc::Client<media::v1::Media>;
  struct Channel {
    std::string address;
    std::shared_ptr<Client> client;  // Shared with the calls that are still under way.
  };
  std::shared_ptr<Client> ClientOf(const MediaInstance& instance);

  rpc::Peers& peers_;
  std::map<std::string, Channel> channels_;  // By the instance's name.
};

// Everything that a media instance needs to run the call.
void FillSpec(const Call& call, const AgentSettings& agent, media::v1::CallSpec& spec);
void FillTicket(const SignedTicket& ticket, type::v1::SignedTicket& message);

}  // namespace latchkey::dialer
