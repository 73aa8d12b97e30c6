#include "lib/rpc/service_binding.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "lib/rpc/server_call.h"

namespace latchkey::rpc {
namespace {

// How many calls of one method wait for clients, so that a burst finds some ready.
constexpr int kWaitingCalls = 8;

std::string MethodName(const google::protobuf::MethodDescriptor& method) {
  return fmt::format("{}/{}", method.service()->full_name(), method.name());
}

}  // namespace

ServiceBinding::ServiceBinding(std::string_view full_name, std::unique_ptr<grpc::Service> service,
                               std::string process, boost::asio::any_io_executor io,
                               int64_t* live_calls)
    : descriptor_(google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          std::string(full_name))),
      service_(std::move(service)),
      process_(std::move(process)),
      io_(std::move(io)),
      live_calls_(live_calls) {
  Check(descriptor_ != nullptr, "a served service is in the descriptors");
}

void ServiceBinding::Add(const google::protobuf::Descriptor* request, bool client_streams,
                         bool server_streams, std::function<ServerCall*(Method&)> make) {
  const google::protobuf::MethodDescriptor* found = nullptr;
  for (int i = 0; i < descriptor_->method_count(); ++i) {
    if (descriptor_->method(i)->input_type() != request) continue;
    Check(found == nullptr, "each method has a request message of its own");
    found = descriptor_->method(i);
  }
  Check(found != nullptr, "the registered method belongs to the service");
  Check(found->client_streaming() == client_streams && found->server_streaming() == server_streams,
        "the method streams as it was registered");
  auto method = std::make_unique<Method>();
  method->name = MethodName(*found);
  method->service = process_;
  method->io = io_;
  method->make = std::move(make);
  method->live_calls = live_calls_;
  absl::StatusOr<LimitFigures> limit =
      LimitOf(*found);  // CheckComplete() reports that it has none.
  if (limit.ok()) method->limit.emplace(*limit);
  for (const auto& other : methods_) Check(other->name != method->name, "registered only once");
  methods_.push_back(std::move(method));
}

absl::Status ServiceBinding::CheckComplete() const {
  std::string missing;
  for (int i = 0; i < descriptor_->method_count(); ++i) {
    const std::string name = MethodName(*descriptor_->method(i));
    absl::StatusOr<LimitFigures> limit = LimitOf(*descriptor_->method(i));
    if (!limit.ok()) return limit.status();
    bool registered = false;
    for (const auto& method : methods_) registered = registered || method->name == name;
    if (!registered) missing += " " + name;
  }
  if (missing.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "cannot_start",
               "These methods have no handler:" + missing + ".");
}

void ServiceBinding::Listen(grpc::ServerCompletionQueue* queue) {
  for (const auto& method : methods_) {
    method->queue = queue;
    for (int i = 0; i < kWaitingCalls; ++i) method->make(*method)->Listen();
  }
}

}  // namespace latchkey::rpc
