// StreamUrl: where an AgentStream goes, and what its address says of the stream.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/http/url.h"

namespace latchkey::sandbox::exotel {

// "wss://user:password@host/path?sample-rate=16000&tok=x9"
struct StreamUrl {
  // kInvalidArgument `malformed_url`: not ws or wss, another sample rate than 8000, 16000 or 24000,
  // more than three pairs of one's own, or more than 256 bytes of query.
  static absl::StatusOr<StreamUrl> Parse(std::string_view text);

  http::Url url;              // Without user info.
  std::string authorization;  // The header's value; "" without user info.
  int sample_rate = 8000;
  std::vector<std::pair<std::string, std::string>> parameters;  // One's own.
};

}  // namespace latchkey::sandbox::exotel
