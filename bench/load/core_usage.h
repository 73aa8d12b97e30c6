// Core usage: what kept a process from its core, by the kernel's own count.
#pragma once

#include <sys/types.h>

#include "absl/time/time.h"

namespace latchkey::bench {

// What of the core called `core`, from 0, went to other machines on the same hardware since this
// one was started (/proc/stat; proc(5)). In steps of 10 ms.
absl::Duration StolenTime(int core);

// How long the threads of `pid` that live were ready to run and waited for a core, since they began
// (/proc/PID/task/TID/schedstat, to the nanosecond). Exact, where the kernel only samples who uses
// a core: work that is paced by a timer coincides with the samples and counts for more than it
// takes.
absl::Duration WaitedForCore(pid_t pid);

}  // namespace latchkey::bench
