// SelfSigned: a certificate for this machine and an authority that vouches for it, made on the
// spot.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace latchkey::sandbox {

// PEM files.
struct SelfSigned {
  std::string ca;    // What clients must trust.
  std::string cert;  // For localhost, 127.0.0.1 and ::1.
  std::string key;
};

// Makes them in `directory`, which is made if it is not there; what stands there of an earlier time
// is used again, so that clients need not be told twice. They hold for a year. The authority's own
// key is not kept. kFailedPrecondition `cannot_write`: the message names the directory.
absl::StatusOr<SelfSigned> MakeSelfSigned(const std::string& directory);

}  // namespace latchkey::sandbox
