// GrpcToolRunner: has a call's tools run by orchestrator.
#pragma once

#include <string>

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/base/spawn.h"
#include "lib/rpc/client.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/tool_runner.h"

namespace latchkey::media {

// One for each call, on its io thread; the client outlives it. Join() before it goes.
class GrpcToolRunner final : public ToolRunner {
 public:
  using Client = rpc::Client<orchestrator::v1::Orchestrator>;

  GrpcToolRunner(Executor executor, Client& client, const CallSpec& spec)
      : client_(client),
        call_id_(spec.call_id),
        tenant_id_(spec.tenant_id),
        number_id_(spec.number_id),
        group_(std::move(executor)) {}

  void Start(Listener& listener) override { listener_ = &listener; }
  void Run(int run, const ToolUse& use, absl::Duration timeout) override;
  void Stop() override;
  Task<void> Join();

 private:
  Task<void> RunOne(int run, ToolUse use, absl::Duration timeout);

  Client& client_;
  const std::string call_id_;
  const std::string tenant_id_;
  const std::string number_id_;
  Group group_;
  Listener* listener_ = nullptr;  // Null when it is stopped.
};

}  // namespace latchkey::media
