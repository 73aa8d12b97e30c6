// The one place where our errors become gRPC's and come back.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace latchkey::rpc {

// An error made by lib/base's Error() travels as google.rpc.Status with one google.rpc.ErrorInfo
// (domain "latchkey", its reason and metadata). The codes are the same numbers on both sides.
grpc::Status ToGrpc(const absl::Status& status);

// The same error again, reason and metadata intact. What gRPC itself says without details gets a
// reason where the caller can act on it: kUnavailable `peer_unreachable`, kDeadlineExceeded
// `deadline_exceeded`, kCancelled `cancelled`, kPermissionDenied `caller_not_allowed`.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace latchkey::rpc
