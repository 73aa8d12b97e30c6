// Subject: the process that is measured, pinned to a core of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace latchkey::bench {

class Subject {
 public:
  // Starts `arguments` on `core`. Its output goes to `log_file`. Ends with the object,
  // or with this process.
  Subject(const std::vector<std::string>& arguments, int core, const std::string& log_file);
  ~Subject();
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  bool running() const;
  absl::Duration cpu_time() const;  // User and system, all threads.
  absl::Duration waited_for_core() const;
  int64_t resident_bytes() const;

 private:
  pid_t pid_ = -1;
};

// Pins the calling process to `core`; what its threads do stays there.
void PinTo(int core);

// This process's own CPU time.
absl::Duration OwnCpuTime();

// A TCP port of loopback that nobody listens on now.
int FreePort();

// True when somebody listens on a port of loopback.
bool Listening(int port);

}  // namespace latchkey::bench
