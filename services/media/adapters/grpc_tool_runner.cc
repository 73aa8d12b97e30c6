#include "services/media/adapters/grpc_tool_runner.h"

#include <fmt/format.h>

#include <utility>

namespace latchkey::media {
namespace {

namespace pb = orchestrator::v1;

// Looking the tool up, and having the request signed.
constexpr absl::Duration kOverhead = absl::Seconds(2);

}  // namespace

void GrpcToolRunner::Run(int run, const ToolUse& use, absl::Duration timeout) {
  group_.Spawn("media tool", RunOne(run, use, timeout));
}

void GrpcToolRunner::Stop() {
  listener_ = nullptr;
  group_.Cancel();
}

Task<void> GrpcToolRunner::Join() {
  Stop();
  co_await group_.Join();
}

Task<void> GrpcToolRunner::RunOne(int run, ToolUse use, absl::Duration timeout) {
  pb::RunToolRequest request;
  request.set_tenant_id(tenant_id_);
  request.set_number_id(number_id_);
  request.set_call_id(call_id_);
  request.set_invocation_id(fmt::format("{}-{}", call_id_, run));
  request.set_tool(use.name);
  request.set_arguments(use.arguments);
  const rpc::CallOptions options(timeout + kOverhead, call_id_, tenant_id_);
  absl::StatusOr<pb::RunToolResponse> response =
      co_await rpc::Call(client_, &pb::Orchestrator::Stub::PrepareAsyncRunTool, request, options);
  if (listener_ == nullptr) co_return;
  if (response.ok()) {
    listener_->OnToolAnswer(run, response->answer());
  } else {
    listener_->OnToolAnswer(run, response.status());
  }
}

}  // namespace latchkey::media
