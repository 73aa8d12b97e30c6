// Writer and ReaderWriter: the server's end of a stream, as a handler sees it.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "lib/base/task.h"

namespace latchkey::rpc {

// Abstract, so that a handler's test can pass one of its own.
template <typename Response>
class Writer {
 public:
  virtual ~Writer() = default;

  // Returns when the message may be followed by the next (flow control). One at a time.
  // kCancelled `cancelled`: the client is gone; return from the handler.
  virtual Task<absl::Status> Write(const Response& response) = 0;
};

template <typename Request, typename Response>
class ReaderWriter : public Writer<Response> {
 public:
  // The client's next message; nullopt when it has sent its last one or is gone. One at a time.
  virtual Task<std::optional<Request>> Read() = 0;
};

}  // namespace latchkey::rpc
