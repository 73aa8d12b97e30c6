// CallContext: what a handler may know about the RPC that it serves.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "lib/rpc/identity.h"

namespace latchkey::rpc {

// Names of the metadata that carry what logs and traces are searched by.
inline constexpr char kCallIdMetadata[] = "latchkey-call-id";
inline constexpr char kTenantIdMetadata[] = "latchkey-tenant-id";

// Lives as long as the handler. Tests make one themselves:
//   rpc::CallContext context({"media", "m1"}, absl::Now() + absl::Seconds(5));
//
// When the client goes away or the deadline passes, the handler's coroutine is cancelled: its next
// await fails. cancelled() is for loops that do not await.
class CallContext {
 public:
  CallContext(Identity caller, absl::Time deadline, std::string call_id = "",
              std::string tenant_id = "")
      : caller_(std::move(caller)),
        deadline_(deadline),
        call_id_(std::move(call_id)),
        tenant_id_(std::move(tenant_id)) {}
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  // Verified: from the certificate, never from metadata.
  const Identity& caller() const { return caller_; }
  // Every call has one; the harness refuses those that do not.
  absl::Time deadline() const { return deadline_; }
  // As the caller told, for logs only; "" if it did not. Never decide by them.
  const std::string& call_id() const { return call_id_; }
  const std::string& tenant_id() const { return tenant_id_; }

  bool cancelled() const { return cancelled_; }
  void Cancel() { cancelled_ = true; }

 private:
  const Identity caller_;
  const absl::Time deadline_;
  const std::string call_id_;
  const std::string tenant_id_;
  bool cancelled_ = false;
};

}  // namespace latchkey::rpc
