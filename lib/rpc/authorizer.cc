#include "lib/rpc/authorizer.h"

#include <fmt/format.h>

#include <utility>

#include "absl/time/clock.h"
#include "latchkey/type/v1/callers.pb.h"
#include "lib/base/error.h"
#include "lib/base/log.h"

namespace latchkey::rpc {
namespace {

constexpr std::string_view kStandardServices = "/grpc.";
// An operator's tools ask a few times for each command, a prober once a second.
constexpr LimitFigures kStandardCalls = {.concurrent = 1, .per_minute = 6'000};

// Adds one method; returns what is wrong with its option, or "".
std::string AddMethod(const google::protobuf::MethodDescriptor& method, CallerTable& table) {
  const std::string path = fmt::format("/{}/{}", method.service()->full_name(), method.name());
  std::set<std::string>& callers = table[path];
  const int count = method.options().ExtensionSize(latchkey::type::v1::callers);
  if (count == 0) return fmt::format(" {} has no `callers`.", path);
  std::string mistakes;
  for (int i = 0; i < count; ++i) {
    const std::string& caller = method.options().GetExtension(latchkey::type::v1::callers, i);
    if (!IsKnownService(caller)) {
      mistakes += fmt::format(" {} names the unknown caller \"{}\".", path, caller);
    }
    callers.insert(caller);
  }
  return mistakes;
}

void AddStandardServices(CallerTable& table) {
  const std::set<std::string> everybody(KnownServices().begin(), KnownServices().end());
  table["/grpc.health.v1.Health/Check"] = everybody;
  table["/grpc.health.v1.Health/Watch"] = everybody;
  table["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = {"ops"};
  // gRPC 1.51 does not serve this one. Clients ask for it first, and turn to v1alpha when they are
  // told UNIMPLEMENTED; a refusal would stop them.
  table["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = {"ops"};
}

}  // namespace

absl::StatusOr<CallerTable> MakeCallerTable(
    std::span<const google::protobuf::ServiceDescriptor* const> services) {
  CallerTable table;
  AddStandardServices(table);
  std::string mistakes;
  for (const google::protobuf::ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      mistakes += AddMethod(*service->method(i), table);
    }
  }
  if (mistakes.empty()) return table;
  return Error(absl::StatusCode::kFailedPrecondition, "cannot_start",
               "The contract does not say who may call:" + mistakes);
}

absl::Status Authorize(const CallerTable& table, std::string_view path,
                       std::span<const std::string> spiffe_ids) {
  if (spiffe_ids.size() != 1) {
    return Error(absl::StatusCode::kPermissionDenied, "identity_unknown",
                 "The certificate must have exactly one URI SAN, spiffe://latchkey/<service>.");
  }
  absl::StatusOr<Identity> caller = ParseSpiffeId(spiffe_ids.front());
  if (!caller.ok()) return caller.status();
  const auto entry = table.find(path);
  if (entry != table.end() && entry->second.contains(caller->service)) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "caller_not_allowed",
               fmt::format("{} may not call this method.", caller->service));
}

Authorizer::Authorizer(CallerTable table)
    : table_(std::move(table)), standard_calls_(kStandardCalls) {}

absl::Status Authorizer::Check(std::string_view path, std::span<const std::string> spiffe_ids) {
  absl::Status allowed = Authorize(table_, path, spiffe_ids);
  if (allowed.ok() && path.starts_with(kStandardServices)) {
    const std::lock_guard lock(mutex_);
    allowed = standard_calls_.Admit(spiffe_ids.front(), absl::Now());
    // When it ends is not known here; the rate alone bounds them.
    if (allowed.ok()) standard_calls_.Leave(spiffe_ids.front());
  }
  if (!allowed.ok()) {
    log::Warn("rpc refused", {{"caller", spiffe_ids.empty() ? std::string() : spiffe_ids.front()},
                              {"why", allowed}});
  }
  return allowed;
}

}  // namespace latchkey::rpc
