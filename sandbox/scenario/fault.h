// Fault: what goes wrong, at which provider, and when.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sandbox/scenario/provider.h"

namespace latchkey::sandbox {

struct Fault {
  enum class Moment {
    kConnect,    // The request or the WebSocket handshake is answered with it.
    kFirstByte,  // It was accepted; in place of the first piece of the answer.
    kMidStream,  // After the first piece (token, audio, transcript) was sent.
    kEnd,        // In place of the last piece (message_stop, done, the last transcript).
  };
  enum class Kind {
    kStatus,     // An HTTP status at kConnect; later the provider's own error message.
    kDrop,       // The connection is closed without a word.
    kHang,       // Nothing more is ever said; the connection stays open.
    kSlow,       // This piece and every later one of the answer comes `delay` late.
    kHalfFrame,  // The first half of what should be sent, and then a drop.
    kGarbage,    // Bytes that are not of the protocol, and then a drop.
    kClose,      // A WebSocket's close frame with `close_code`; a drop where there is no WebSocket.
  };

  Provider provider = Provider::kAnthropic;
  // Only for requests with this key, or calls to this number; empty is for any.
  std::string who;
  Moment moment = Moment::kConnect;
  Kind kind = Kind::kStatus;
  int status = 500;       // 401, 403, 429, 500, 529 …; only for kStatus.
  std::string code;       // The provider's own error type or code; empty is the usual one.
  int close_code = 1011;  // Only for kClose.
  std::string reason;     // Of the close frame. Example: "NET-0001".
  absl::Duration delay = absl::Seconds(3);  // Only for kSlow.
  // Seconds for a Retry-After header with a 429; 0 sends none.
  int retry_after = 1;
  int after = 0;  // So many chances for it pass unharmed first.
  int times = 1;  // So often it happens; 0 is always.
};

// One item of a scenario's "faults". What is wrong with it comes into `error`.
Fault ReadFault(const boost::json::value& value, std::string place, absl::Status& error);

// The same, alone; for the sandbox's control endpoint. kInvalidArgument `bad_scenario`.
absl::StatusOr<Fault> ParseFault(std::string_view text);

}  // namespace latchkey::sandbox
