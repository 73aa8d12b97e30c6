// SSE: server-sent events, read and written (WHATWG HTML, section 9.2).
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/http/client.h"

namespace latchkey::http {

struct SseEvent {
  std::string event;  // "message" when the stream names none.
  std::string data;   // Lines joined by '\n'.
  std::string id;     // The last id seen.

  friend bool operator==(const SseEvent&, const SseEvent&) = default;
};

// Bytes in, events out; no socket. Takes any cut of the bytes, and any of the three line ends.
class SseParser {
 public:
  explicit SseParser(size_t event_bytes_max = 256 * 1024) : event_bytes_max_(event_bytes_max) {}

  // kResourceExhausted `event_too_large`: nothing further can be parsed.
  absl::Status Feed(std::string_view bytes);

  // The next whole event, or std::nullopt: more bytes are needed.
  std::optional<SseEvent> Next();

 private:
  void OnLine(std::string_view line);
  void Dispatch();

  size_t event_bytes_max_;
  std::string line_;
  bool after_cr_ = false;
  bool at_start_ = true;
  bool has_data_ = false;
  SseEvent current_;
  std::deque<SseEvent> ready_;
};

// Reads events from an answer. Borrows `body`.
class SseReader {
 public:
  explicit SseReader(BodyStream& body) : body_(body) {}

  // The next event; std::nullopt when the stream ended. Errors as BodyStream::Next, and
  // kResourceExhausted `event_too_large`.
  Task<absl::StatusOr<std::optional<SseEvent>>> Next();

 private:
  BodyStream& body_;
  SseParser parser_;
};

// "event: …\nid: …\ndata: …\n\n", without the lines whose values are empty (data always stands).
std::string FormatSse(const SseEvent& event);

}  // namespace latchkey::http
