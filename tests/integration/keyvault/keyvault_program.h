// KeyvaultProgram: the real program, that a test can kill.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace latchkey::keyvault {

// Ends with the test, however that ends. Its log is kept in `folder`, which outlives it.
class KeyvaultProgram {
 public:
  KeyvaultProgram(std::vector<std::string> arguments, const std::string& folder);
  ~KeyvaultProgram();
  KeyvaultProgram(const KeyvaultProgram&) = delete;
  KeyvaultProgram& operator=(const KeyvaultProgram&) = delete;

  // Whether it serves within `limit`. False at once when it has ended.
  bool AwaitServing(absl::Duration limit = absl::Seconds(30));
  // "127.0.0.1:<port>", once it serves.
  std::string address() const;

  void Kill();       // SIGKILL.
  void AskToStop();  // SIGTERM: it drains.
  int AwaitExit();   // The exit code; -1 after a signal.
  std::string Log() const;
  // What /metrics says now.
  std::string Metrics() const;

 private:
  bool Ended();
  std::string Logged(const std::string& number) const;

  std::string log_;
  pid_t pid_ = 0;
  int status_ = 0;
};

}  // namespace latchkey::keyvault
