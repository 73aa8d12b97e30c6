#include "lib/rpc/grpc_status.h"

#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/base/error.h"

namespace latchkey::rpc {
namespace {

constexpr char kDomain[] = "latchkey";

// What gRPC says by itself, in words that tell what to do.
absl::Status WithoutDetails(absl::StatusCode code, const std::string& message) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return Error(code, "peer_unreachable", "The service is out of reach: " + message);
    case absl::StatusCode::kDeadlineExceeded:
      return Error(code, "deadline_exceeded", "The service did not answer in time.");
    case absl::StatusCode::kCancelled:
      return Error(code, "cancelled", "The call was cancelled.");
    case absl::StatusCode::kPermissionDenied:
      return Error(code, "caller_not_allowed", message);
    default:
      return absl::Status(code, message);
  }
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.raw_code());
  const std::string message = Message(status);
  const std::string reason = Reason(status);
  if (reason.empty()) return grpc::Status(code, message);
  google::rpc::Status details;
  details.set_code(status.raw_code());
  details.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_domain(kDomain);
  info.set_reason(reason);
  for (const auto& [key, value] : Metadata(status)) (*info.mutable_metadata())[key] = value;
  details.add_details()->PackFrom(info);
  return grpc::Status(code, message, details.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& any : details.details()) {
      google::rpc::ErrorInfo info;
      if (!any.UnpackTo(&info) || info.domain() != kDomain || info.reason().empty()) continue;
      const ErrorMetadata metadata(info.metadata().begin(), info.metadata().end());
      return Error(code, info.reason(), status.error_message(), metadata);
    }
  }
  return WithoutDetails(code, status.error_message());
}

}  // namespace latchkey::rpc
