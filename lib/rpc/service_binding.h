// ServiceBinding: one gRPC service in a Host: its descriptor, its registered methods.
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "lib/rpc/call_limit.h"

namespace latchkey::rpc {

class ServerCall;

// One method, once it is registered.
struct Method {
  std::string name;     // "latchkey.keyvault.v1.KeyVault/PutKey"
  std::string service;  // The process: "keyvault"; names its metrics.
  boost::asio::any_io_executor io;
  std::function<ServerCall*(Method&)> make;      // A call that waits for a client.
  grpc::ServerCompletionQueue* queue = nullptr;  // Set when the server is built.
  int64_t* live_calls = nullptr;                 // The host's count; touched on its io thread.
  std::optional<CallLimit> limit;                // Touched on the io thread.
};

class ServiceBinding {
 public:
  // Check()s that `full_name` is a service in the generated descriptors.
  ServiceBinding(std::string_view full_name, std::unique_ptr<grpc::Service> service,
                 std::string process, boost::asio::any_io_executor io, int64_t* live_calls);

  // The method is found by its request message, of which each method has its own. Check()s that it
  // exists, streams as told, and is registered once.
  void Add(const google::protobuf::Descriptor* request, bool client_streams, bool server_streams,
           std::function<ServerCall*(Method&)> make);

  // kFailedPrecondition `cannot_start` names the methods that nobody registered, or one whose
  // contract gives no limit.
  absl::Status CheckComplete() const;
  // Begins to take calls. The server is built and started.
  void Listen(grpc::ServerCompletionQueue* queue);

  const google::protobuf::ServiceDescriptor* descriptor() const { return descriptor_; }
  grpc::Service* service() { return service_.get(); }

 private:
  const google::protobuf::ServiceDescriptor* const descriptor_;
  const std::unique_ptr<grpc::Service> service_;
  const std::string process_;
  const boost::asio::any_io_executor io_;
  int64_t* const live_calls_;
  std::vector<std::unique_ptr<Method>> methods_;  // Their addresses are kept by calls.
};

}  // namespace latchkey::rpc
