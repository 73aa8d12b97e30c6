#include "lib/rpc/process.h"

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "lib/base/check.h"
#include "lib/base/log.h"

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

void Refuse(const std::string& sentence) {
  fmt::print(stderr, "{}\n", sentence);
  std::fflush(stderr);
  std::_Exit(2);
}

}  // namespace latchkey::rpc
