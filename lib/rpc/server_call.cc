#include "lib/rpc/server_call.h"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/metrics.h"
#include "lib/rpc/grpc_status.h"

namespace latchkey::rpc {
namespace {

std::string MetadataText(const grpc::ServerContext& context, const char* name) {
  constexpr size_t kLongest = 64;  // An id; anything longer is not one and does not go to the log.
  const auto found = context.client_metadata().find(name);
  if (found == context.client_metadata().end() || found->second.size() > kLongest) return "";
  return std::string(found->second.data(), found->second.size());
}

// The authorizer has seen to it that there is exactly one, and that it is well formed.
Identity CallerOf(const grpc::ServerContext& context) {
  const auto ids = context.auth_context()->FindPropertyValues("peer_spiffe_id");
  if (ids.size() != 1) return {};
  absl::StatusOr<Identity> caller =
      ParseSpiffeId(std::string_view(ids.front().data(), ids.front().size()));
  return caller.ok() ? *caller : Identity{};
}

absl::Status StatusOfException(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) {
      return Error(absl::StatusCode::kCancelled, "cancelled", "The call was cancelled.");
    }
    log::Error("rpc handler threw", {{"what", error.what()}});
  } catch (const std::exception& error) {
    log::Error("rpc handler threw", {{"what", error.what()}});
  }
  return Error(absl::StatusCode::kInternal, "internal", "The service failed; its log says why.");
}

std::string CodeName(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

}  // namespace

ServerCall::ServerCall(Method& method) : method_(method) { ++*method_.live_calls; }

ServerCall::~ServerCall() { --*method_.live_calls; }

void ServerCall::Event::OnEvent(bool ok) {
  boost::asio::post(call_->method_.io,
                    [call = call_, member = member_, ok] { (call->*member)(ok); });
}

void ServerCall::Listen() {
  context_.AsyncNotifyWhenDone(static_cast<Tag*>(&over_));
  Wait(static_cast<Tag*>(&arrived_));
}

void ServerCall::OnArrived(bool ok) {
  if (!ok) {  // The server shuts down; `over_` never comes then.
    delete this;
    return;
  }
  method_.make(method_)->Listen();
  start_ = absl::Now();
  call_context_.emplace(CallerOf(context_), absl::FromChrono(context_.deadline()),
                        MetadataText(context_, kCallIdMetadata),
                        MetadataText(context_, kTenantIdMetadata));
  handling_ = true;
  absl::Status accepted = Accept();
  if (!accepted.ok()) {
    OnHandled(nullptr, std::move(accepted));
    return;
  }
  boost::asio::co_spawn(method_.io, Handle(*call_context_),
                        boost::asio::bind_cancellation_slot(
                            cancel_.slot(), [this](std::exception_ptr thrown, absl::Status status) {
                              OnHandled(thrown, std::move(status));
                            }));
}

absl::Status ServerCall::Accept() {
  if (context_.deadline() == std::chrono::system_clock::time_point::max()) {
    return Error(absl::StatusCode::kInvalidArgument, "deadline_missing",
                 "Every call needs a deadline; set one and repeat the call.");
  }
  absl::Status admitted = method_.limit->Admit(call_context_->caller().Name(), start_);
  admitted_ = admitted.ok();
  return admitted;
}

void ServerCall::OnHandled(std::exception_ptr thrown, absl::Status status) {
  handling_ = false;
  if (admitted_) method_.limit->Leave(call_context_->caller().Name());
  if (thrown) status = StatusOfException(thrown);
  Report(status);
  Finish(ToGrpc(status), static_cast<Tag*>(&finished_));
}

void ServerCall::OnFinished(bool) {
  is_finished_ = true;
  DeleteIfDone();
}

void ServerCall::OnOver(bool) {
  is_over_ = true;
  if (handling_ && context_.IsCancelled()) {
    call_context_->Cancel();
    cancel_.emit(boost::asio::cancellation_type::terminal);
  }
  DeleteIfDone();
}

void ServerCall::DeleteIfDone() {
  if (is_over_ && is_finished_) delete this;
}

void ServerCall::Report(const absl::Status& status) const {
  const absl::Duration took = absl::Now() - start_;
  log::Info("rpc", {{"method", method_.name},
                    {"caller", call_context_->caller().Name()},
                    {"code", CodeName(status)},
                    {"reason", Reason(status)},
                    {"ms", took},
                    {"call_id", call_context_->call_id()},
                    {"tenant_id", call_context_->tenant_id()}});
  const std::string prefix = "latchkey_" + method_.service;
  metrics::MakeCounter(prefix + "_rpcs_total", "RPCs answered.",
                       {{"method", method_.name}, {"code", CodeName(status)}})
      .Add();
  metrics::MakeHistogram(prefix + "_rpc_seconds", "Time from arrival to answer.",
                         metrics::LatencySeconds(), {{"method", method_.name}})
      .Observe(absl::ToDoubleSeconds(took));
}

}  // namespace latchkey::rpc
