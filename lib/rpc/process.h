// What every process of ours does first: leave nothing of its memory behind.
#pragma once

#include <string>

#include "lib/base/metrics.h"

namespace latchkey::rpc {

// The first of GRPC_TRACE, GRPC_VERBOSITY and SSLKEYLOGFILE that is set in the environment, or "".
// They make libraries print decrypted messages or session keys.
std::string RevealingVariable();

// No core files, no ptrace by the same user. Affects the whole process and its children.
void HardenProcess();

// Makes the memory for keys. Where it cannot be locked into RAM: ends the process with a sentence
// and code 2 if it `must_lock`, else warns.
void PrepareKeyMemory(bool must_lock);

// How much of the memory for keys is in use; the reader sets it.
class KeyMemoryGauge {
 public:
  explicit KeyMemoryGauge(const std::string& service);
  void Update();

 private:
  metrics::Gauge& used_;
};

// What gRPC itself has to say goes to our log, as warnings.
void RouteGrpcLog();

// Prints `sentence` on standard error and ends the process with code 2.
[[noreturn]] void Refuse(const std::string& sentence);

}  // namespace latchkey::rpc
