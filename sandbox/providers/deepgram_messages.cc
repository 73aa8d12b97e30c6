#include "sandbox/providers/deepgram_messages.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstring>

#include "lib/base/error.h"
#include "sandbox/scenario/scenario.h"
#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr size_t kHeaderBytes = 44;
constexpr uint16_t kPcm = 1, kOneChannel = 1, kBits = 16;
constexpr uint32_t kRateHz = 8000;

json::object ModelInfo() {
  return {{"name", "general-nova-3"}, {"version", "sandbox"}, {"arch", "nova-3"}};
}

json::array Words(const Recognized& said, absl::Duration offset) {
  json::array words;
  for (const RecognizedWord& word : said.words) {
    words.push_back(json::object{{"word", NormalizeWords(word.text)},
                                 {"start", absl::ToDoubleSeconds(offset + word.start)},
                                 {"end", absl::ToDoubleSeconds(offset + word.end)},
                                 {"confidence", said.confidence},
                                 {"punctuated_word", word.punctuated}});
  }
  return words;
}

json::object Channel(const Recognized& said, absl::Duration offset) {
  const json::object alternative{
      {"transcript", said.text}, {"confidence", said.confidence}, {"words", Words(said, offset)}};
  return {{"alternatives", json::array{alternative}}};
}

template <typename Number>
Number ReadAt(std::string_view file, size_t at) {
  Number number = 0;
  std::memcpy(&number, file.data() + at, sizeof(number));
  return number;
}

}  // namespace

std::string ResultsMessage(const Transcript& transcript) {
  const absl::Duration duration = transcript.end - transcript.start;
  return json::serialize(json::object{{"type", "Results"},
                                      {"channel_index", json::array{0, 1}},
                                      {"start", absl::ToDoubleSeconds(transcript.start)},
                                      {"duration", absl::ToDoubleSeconds(duration)},
                                      {"is_final", transcript.final},
                                      {"speech_final", transcript.final && transcript.ended},
                                      {"from_finalize", transcript.from_finalize},
                                      {"channel", Channel(transcript.said, transcript.start)},
                                      {"metadata", json::object{{"request_id", "sandbox"},
                                                                {"model_uuid", "sandbox"},
                                                                {"model_info", ModelInfo()}}}});
}

std::vector<Transcript> SplitTranscript(const Transcript& transcript, int words) {
  const std::vector<RecognizedWord>& all = transcript.said.words;
  const auto most = static_cast<size_t>(words);
  if (words == 0 || all.size() <= most) return {transcript};
  std::vector<Transcript> pieces;
  for (size_t first = 0; first < all.size(); first += most) {
    const size_t end = std::min(all.size(), first + most);
    const absl::Duration from = first == 0 ? absl::ZeroDuration() : all[first].start;
    Transcript piece;
    piece.start = transcript.start + from;
    piece.end = end == all.size() ? transcript.end : transcript.start + all[end - 1].end;
    piece.said.confidence = transcript.said.confidence;
    for (size_t i = first; i < end; ++i) {
      RecognizedWord word = all[i];
      piece.said.text += (i == first ? "" : " ") + word.punctuated;
      word.start -= from;
      word.end -= from;
      piece.said.words.push_back(std::move(word));
    }
    piece.ended = transcript.ended && end == all.size();
    piece.from_finalize = transcript.from_finalize && end == all.size();
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::string SpeechStartedMessage(absl::Duration at) {
  return json::serialize(json::object{{"type", "SpeechStarted"},
                                      {"channel", json::array{0, 1}},
                                      {"timestamp", absl::ToDoubleSeconds(at)}});
}

std::string UtteranceEndMessage(absl::Duration last_word_end) {
  return json::serialize(json::object{{"type", "UtteranceEnd"},
                                      {"channel", json::array{0, 1}},
                                      {"last_word_end", absl::ToDoubleSeconds(last_word_end)}});
}

std::string MetadataMessage(absl::Duration duration) {
  return json::serialize(json::object{{"type", "Metadata"},
                                      {"transaction_key", "deprecated"},
                                      {"request_id", "sandbox"},
                                      {"sha256", ""},
                                      {"created", "2026-11-22T01:00:00.000Z"},
                                      {"duration", absl::ToDoubleSeconds(duration)},
                                      {"channels", 1}});
}

std::string FileResults(absl::Duration duration, const Recognized& said) {
  const json::object metadata{{"transaction_key", "deprecated"},
                              {"request_id", "sandbox"},
                              {"sha256", ""},
                              {"created", "2026-11-22T01:00:00.000Z"},
                              {"duration", absl::ToDoubleSeconds(duration)},
                              {"channels", 1},
                              {"models", json::array{"sandbox"}},
                              {"model_info", json::object{{"sandbox", ModelInfo()}}}};
  const json::object results{{"channels", json::array{Channel(said, absl::ZeroDuration())}}};
  return json::serialize(json::object{{"metadata", metadata}, {"results", results}});
}

absl::StatusOr<std::vector<uint8_t>> ParseWav(std::string_view file) {
  const bool wav = file.size() >= kHeaderBytes && file.starts_with("RIFF") &&
                   file.substr(8, 8) == "WAVEfmt " && file.substr(36, 4) == "data";
  const bool telephone =
      wav && ReadAt<uint16_t>(file, 20) == kPcm && ReadAt<uint16_t>(file, 22) == kOneChannel &&
      ReadAt<uint32_t>(file, 24) == kRateHz && ReadAt<uint16_t>(file, 34) == kBits;
  if (!telephone) {
    return Error(absl::StatusCode::kInvalidArgument, "bad_request",
                 "failed to process audio: corrupt or unsupported data");
  }
  const std::string_view data = file.substr(kHeaderBytes);
  std::vector<int16_t> samples(data.size() / sizeof(int16_t));
  std::memcpy(samples.data(), data.data(), samples.size() * sizeof(int16_t));
  return EncodeMulaw(std::span<const int16_t>(samples));
}

}  // namespace latchkey::sandbox
