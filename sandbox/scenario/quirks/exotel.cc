#include "sandbox/scenario/quirks/exotel.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

constexpr absl::Duration kChunkMin = absl::Milliseconds(20);
constexpr absl::Duration kChunkMax = absl::Seconds(1);
constexpr int kCopiesMax = 10;

void Check(Fields& fields, const ExotelQuirks& quirks) {
  if (quirks.chunk < kChunkMin || quirks.chunk > kChunkMax) {
    fields.Fail("chunk_ms", "should be from 20 to 1000");
  }
  if (quirks.callback_copies < 1 || quirks.callback_copies > kCopiesMax) {
    fields.Fail("callback_copies", "should be from 1 to 10");
  }
}

}  // namespace

ExotelQuirks ReadExotelQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error) {
  using Case = ExotelQuirks::Case;
  using Numbers = ExotelQuirks::Numbers;
  ExotelQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Choice("key_case", quirks.key_case,
                {{"snake", Case::kSnake}, {"camel", Case::kCamel}, {"mixed", Case::kMixed}});
  fields.Choice(
      "numbers", quirks.numbers,
      {{"text", Numbers::kText}, {"number", Numbers::kNumber}, {"mixed", Numbers::kMixed}});
  fields.Text("sample_rate", quirks.sample_rate);
  fields.Text("encoding", quirks.encoding);
  fields.Bool("ids_at_top_only", quirks.ids_at_top_only);
  fields.Bool("local_numbers", quirks.local_numbers);
  fields.Milliseconds("chunk_ms", quirks.chunk);
  fields.Bool("clear_returns_marks", quirks.clear_returns_marks);
  fields.Milliseconds("stream_max_ms", quirks.stream_max);
  fields.Milliseconds("stop_delay_ms", quirks.stop_delay);
  fields.Bool("callback_numbers_as_text", quirks.callback_numbers_as_text);
  fields.Text("answered_by", quirks.answered_by);
  fields.Number("callback_copies", quirks.callback_copies);
  fields.Milliseconds("callback_delay_ms", quirks.callback_delay);
  fields.Milliseconds("callback_retry_ms", quirks.callback_retry);
  fields.Milliseconds("settle_delay_ms", quirks.settle_delay);
  fields.Bool("empty_401", quirks.empty_401);
  Check(fields, quirks);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
