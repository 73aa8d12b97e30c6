// Timestamp: which times a message may carry.
#pragma once

#include <cstdint>

namespace latchkey {

// Whether these are the fields of a google.protobuf.Timestamp: years 1 to 9999, as timestamp.proto
// has it. Postgres keeps all of them; what is beyond is refused where it comes in.
constexpr bool IsTimestamp(int64_t seconds, int32_t nanos) {
  constexpr int64_t kFirst = -62'135'596'800;  // 0001-01-01T00:00:00Z
  constexpr int64_t kLast = 253'402'300'799;   // 9999-12-31T23:59:59Z
  return seconds >= kFirst && seconds <= kLast && nanos >= 0 && nanos < 1'000'000'000;
}

}  // namespace latchkey
