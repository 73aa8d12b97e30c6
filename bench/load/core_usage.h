// Core usage: who used a core, by the kernel's own count.
#pragma once

#include "absl/time/time.h"

namespace latchkey::bench {

// Since the machine was started.
struct CoreTimes {
  absl::Duration busy;    // Of everybody on this machine, the kernel included.
  absl::Duration stolen;  // By other machines on the same hardware.
};

// Of the core called `core`, from 0 (/proc/stat; proc(5)). In steps of 10 ms.
CoreTimes ReadCoreTimes(int core);

}  // namespace latchkey::bench
