// MessageParser: bytes in, one HTTP/1.1 message out. Beast's parser, behind a face without Beast.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/http/headers.h"
#include "lib/secret/secret.h"

namespace latchkey::http {

struct ParserLimits {
  size_t head_bytes_max = 16 * 1024;
  size_t body_bytes_max = 1 << 20;
};

class MessageParser {
 public:
  // An answer; to HEAD, one that has no body whatever its head says.
  static MessageParser ForResponse(const ParserLimits& limits, bool to_head = false);
  static MessageParser ForRequest(const ParserLimits& limits);
  ~MessageParser();
  MessageParser(MessageParser&&) noexcept;
  MessageParser& operator=(MessageParser&&) noexcept;

  // Takes what it can of `bytes` and returns how much that was; the rest belongs to the next
  // message, or must be given again with more behind it. Stops at the end of the head.
  //
  //   kUnavailable        unreachable     not HTTP
  //   kResourceExhausted  head_too_large, body_too_large
  absl::StatusOr<size_t> Feed(std::string_view bytes);

  // The connection ended: fine for an answer without a length, `unreachable` for any other.
  absl::Status FeedEnd();

  bool started() const;
  bool head_done() const;
  bool done() const;

  // Once the head is done.
  int status() const;
  std::string method() const;
  std::string target() const;
  Headers headers() const;
  bool keep_alive() const;
  bool upgrade() const;  // Asks for a websocket.
  bool expects_continue() const;

  // Of the body that has come since the last TakeBody.
  size_t body_size() const;
  // The body that has come since the last TakeBody. Nothing of it is left here.
  std::string TakeBody();
  // The whole body, up to 64 KiB, in guarded memory.
  Secret TakeSecretBody();

 private:
  class Face;
  template <bool kRequest>
  class Beast;
  explicit MessageParser(std::unique_ptr<Face> face);
  std::unique_ptr<Face> face_;
};

// "Not Found", for a status line.
std::string_view ReasonPhrase(int status);

}  // namespace latchkey::http
