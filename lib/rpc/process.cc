#include "lib/rpc/process.h"

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/secret/arena.h"

namespace latchkey::rpc {
namespace {

void LogForGrpc(gpr_log_func_args* line) {
  if (line->severity != GPR_LOG_SEVERITY_ERROR) return;
  const std::string_view message = line->message;
  // Said by the server for each connection to an address; certificates name identities here.
  if (message.starts_with("No match found for server name")) return;
  log::Warn("grpc", {{"what", message}});
}

}  // namespace

void RouteGrpcLog() { gpr_set_log_function(LogForGrpc); }

std::string RevealingVariable() {
  for (const char* name : {"GRPC_TRACE", "GRPC_VERBOSITY", "SSLKEYLOGFILE"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return name;
  }
  return "";
}

void HardenProcess() {
  const rlimit none = {0, 0};
  Check(setrlimit(RLIMIT_CORE, &none) == 0, "core files can be switched off");
  Check(prctl(PR_SET_DUMPABLE, 0) == 0, "the process can be made not dumpable");
}

void PrepareKeyMemory(bool must_lock) {
  const absl::Status& locked = secret::Arena::OfProcess().locked();
  if (locked.ok()) return;
  if (must_lock) {
    Refuse(Message(locked) + " For development alone there is --lock-memory=false.");
  }
  log::Warn("keys may be swapped to disk", {{"why", Message(locked)}});
}

KeyMemoryGauge::KeyMemoryGauge(const std::string& service)
    : used_(metrics::MakeGauge(fmt::format("latchkey_{}_key_memory_used_bytes", service),
                               "Locked memory in use for keys; a full arena refuses new ones.")) {
  metrics::MakeGauge(fmt::format("latchkey_{}_key_memory_size_bytes", service),
                     "Locked memory that there is for keys.")
      .Set(static_cast<double>(secret::Arena::OfProcess().size_bytes()));
}

void KeyMemoryGauge::Update() {
  used_.Set(static_cast<double>(secret::Arena::OfProcess().used_bytes()));
}

void Refuse(const std::string& sentence) {
  fmt::print(stderr, "{}\n", sentence);
  std::fflush(stderr);
  std::_Exit(2);
}

}  // namespace latchkey::rpc
