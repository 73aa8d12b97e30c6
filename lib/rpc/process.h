// What every process of ours does first: leave nothing of its memory behind.
#pragma once

#include <string>

namespace latchkey::rpc {

// The first of GRPC_TRACE, GRPC_VERBOSITY and SSLKEYLOGFILE that is set in the environment, or "".
// They make libraries print decrypted messages or session keys.
std::string RevealingVariable();

// No core files, no ptrace by the same user. Affects the whole process and its children.
void HardenProcess();

// What gRPC itself has to say goes to our log, as warnings.
void RouteGrpcLog();

// Prints `sentence` on standard error and ends the process with code 2.
[[noreturn]] void Refuse(const std::string& sentence);

}  // namespace latchkey::rpc
