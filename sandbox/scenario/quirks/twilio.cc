#include "sandbox/scenario/quirks/twilio.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

// Longer than any telephone's packet, shorter than a second.
constexpr int kChunkBytesMax = 8000;
constexpr int kCopiesMax = 10;

void ReadDelays(const boost::json::value& value, std::string place, TwilioQuirks& quirks,
                absl::Status& error) {
  Fields fields(value, std::move(place), error);
  for (const char* event : {"initiated", "ringing", "answered", "completed"}) {
    absl::Duration delay;
    fields.Milliseconds(event, delay);
    if (delay > absl::ZeroDuration()) quirks.callback_delays[event] = delay;
  }
  fields.Finish();
}

void ReadChunks(Fields& fields, TwilioQuirks& quirks) {
  std::vector<int> sizes;
  fields.ForEach("chunk_bytes", [&](const boost::json::value& item, const std::string&) {
    const bool fits =
        item.is_int64() && item.get_int64() >= 1 && item.get_int64() <= kChunkBytesMax;
    if (!fits) return fields.Fail("chunk_bytes", "should be numbers from 1 to 8000");
    sizes.push_back(static_cast<int>(item.get_int64()));
  });
  if (!sizes.empty()) quirks.chunk_bytes = std::move(sizes);
}

void ReadCopies(Fields& fields, std::string_view name, int& copies) {
  fields.Number(name, copies);
  if (copies < 1 || copies > kCopiesMax) fields.Fail(name, "should be from 1 to 10");
}

}  // namespace

absl::Duration TwilioQuirks::CallbackDelay(std::string_view event) const {
  const auto found = callback_delays.find(event);
  return found == callback_delays.end() ? absl::ZeroDuration() : found->second;
}

TwilioQuirks ReadTwilioQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error) {
  TwilioQuirks quirks;
  Fields fields(value, place, error);
  fields.Bool("echo_auth_token", quirks.echo_auth_token);
  fields.Bool("clear_returns_marks", quirks.clear_returns_marks);
  if (const boost::json::value* delays = fields.Find("callback_delays_ms")) {
    ReadDelays(*delays, fields.Place("callback_delays_ms"), quirks, error);
  }
  ReadCopies(fields, "callback_copies", quirks.callback_copies);
  ReadCopies(fields, "webhook_copies", quirks.webhook_copies);
  ReadChunks(fields, quirks);
  fields.Milliseconds("stop_delay_ms", quirks.stop_delay);
  fields.Milliseconds("stream_max_ms", quirks.stream_max);
  fields.Milliseconds("call_max_ms", quirks.call_max);
  fields.Number("lost_answers", quirks.lost_answers);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
