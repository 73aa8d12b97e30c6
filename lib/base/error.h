// Error: how a failure is made and read. The only place that attaches a reason to a status.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace latchkey {

using ErrorMetadata = std::map<std::string, std::string>;

// Makes an error. `reason` is for programs: lower_snake_case, listed in the service's reasons.h,
// stable for ever. `message` is for people: what happened and what to do next; never input and
// never a key. `metadata` travels with it (which provider, when to come back).
absl::Status Error(absl::StatusCode code, std::string_view reason, std::string_view message,
                   ErrorMetadata metadata = {});

// The reason of an error made by Error, or "" for any other status.
std::string Reason(const absl::Status& status);

// What travelled with an error made by Error; empty for any other status.
ErrorMetadata Metadata(const absl::Status& status);

// The same error with one more piece of metadata.
absl::Status WithMetadata(absl::Status status, std::string_view key, std::string_view value);

// The message as a std::string: Debian's absl::string_view is a type of its own.
std::string Message(const absl::Status& status);

}  // namespace latchkey
