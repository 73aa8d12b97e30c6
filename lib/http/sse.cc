#include "lib/http/sse.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/error.h"

namespace latchkey::http {

absl::Status SseParser::Feed(std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  for (const char c : bytes) {
    const bool line_feed_of_crlf = after_cr_ && c == '\n';
    after_cr_ = c == '\r';
    if (line_feed_of_crlf) continue;
    if (c != '\n' && c != '\r') {
      if (line_.size() + current_.data.size() >= event_bytes_max_) {
        return Error(absl::StatusCode::kResourceExhausted, "event_too_large",
                     "The stream has an event that is longer than is accepted.");
      }
      line_ += c;
      continue;
    }
    std::string_view line = line_;
    if (at_start_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    at_start_ = false;
    OnLine(line);
    line_.clear();
  }
  return absl::OkStatus();
}

void SseParser::OnLine(std::string_view line) {
  if (line.empty()) return Dispatch();
  if (line[0] == ':') return;  // A comment, used as a keep-alive.
  const size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value;
  if (colon != std::string_view::npos) value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") {
    current_.event = value;
  } else if (field == "data") {
    if (has_data_) current_.data += '\n';
    current_.data += value;
    has_data_ = true;
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    current_.id = value;
  }
}

// An event without data is dropped, its id kept: WHATWG HTML, 9.2.6.
void SseParser::Dispatch() {
  std::string id = current_.id;
  if (has_data_) {
    if (current_.event.empty()) current_.event = "message";
    ready_.push_back(std::move(current_));
  }
  current_ = SseEvent();
  current_.id = std::move(id);
  has_data_ = false;
}

std::optional<SseEvent> SseParser::Next() {
  if (ready_.empty()) return std::nullopt;
  std::optional<SseEvent> event = std::move(ready_.front());
  ready_.pop_front();
  return event;
}

Task<absl::StatusOr<std::optional<SseEvent>>> SseReader::Next() {
  while (true) {
    std::optional<SseEvent> event = parser_.Next();
    if (event) co_return std::move(event);
    absl::StatusOr<std::optional<std::string>> piece = co_await body_.Next();
    if (!piece.ok()) co_return piece.status();
    if (!piece->has_value()) co_return std::optional<SseEvent>();
    if (absl::Status fed = parser_.Feed(**piece); !fed.ok()) co_return fed;
  }
}

std::string FormatSse(const SseEvent& event) {
  std::string text;
  if (!event.event.empty()) text += fmt::format("event: {}\n", event.event);
  if (!event.id.empty()) text += fmt::format("id: {}\n", event.id);
  std::string_view data = event.data;
  while (true) {
    const size_t end = data.find('\n');
    text += fmt::format("data: {}\n", data.substr(0, end));
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + 1);
  }
  text += '\n';
  return text;
}

}  // namespace latchkey::http
