// Exchange: the client's side of one request and its answer, on one connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/http/buffered_transport.h"
#include "lib/http/client.h"
#include "lib/http/message_parser.h"

namespace latchkey::http {

// Nothing here waits for longer than its caller's WithDeadline lets it.
class Exchange {
 public:
  Exchange(std::unique_ptr<BufferedTransport> connection, const ParserLimits& limits)
      : connection_(std::move(connection)),
        limits_(limits),
        parser_(MessageParser::ForResponse(limits)) {}

  // kInvalidArgument `malformed_request`: a line break in a header or the target.
  Task<absl::Status> Write(const Request& request);
  Task<absl::Status> ReadHead();
  // The next piece of the body; std::nullopt at its end.
  Task<absl::StatusOr<std::optional<std::string>>> ReadPiece();
  // All that is left of the body.
  Task<absl::StatusOr<std::string>> ReadBody();

  const MessageParser& answer() const { return parser_; }
  // True when not a byte of an answer has come.
  bool untouched() const { return !answered_; }

  // The connection, if it can carry another request; nullptr otherwise.
  std::unique_ptr<BufferedTransport> TakeReusable();

 private:
  Task<absl::Status> ReadMore();

  std::unique_ptr<BufferedTransport> connection_;
  ParserLimits limits_;
  MessageParser parser_;
  bool to_head_ = false;
  bool answered_ = false;
};

}  // namespace latchkey::http
