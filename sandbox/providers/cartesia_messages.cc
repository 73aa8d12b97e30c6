#include "sandbox/providers/cartesia_messages.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/escaping.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr double kSamplesPerSecond = 8000;

}  // namespace

std::string ChunkMessage(std::string_view context_id, std::string_view audio, int flush_id) {
  std::string data;
  absl::Base64Escape(absl::string_view(audio.data(), audio.size()), &data);
  return json::serialize(json::object{{"type", "chunk"},
                                      {"context_id", context_id},
                                      {"status_code", 206},
                                      {"done", false},
                                      {"data", data},
                                      {"step_time", 12.4},
                                      {"flush_id", flush_id}});
}

std::string TimestampsMessage(std::string_view context_id, const std::vector<SpokenWord>& words,
                              int64_t offset_samples) {
  const double offset = static_cast<double>(offset_samples) / kSamplesPerSecond;
  json::array texts, starts, ends;
  for (const SpokenWord& word : words) {
    texts.push_back(json::string(word.text));
    starts.push_back(offset + absl::ToDoubleSeconds(word.start));
    ends.push_back(offset + absl::ToDoubleSeconds(word.end));
  }
  return json::serialize(json::object{{"type", "timestamps"},
                                      {"context_id", context_id},
                                      {"status_code", 206},
                                      {"done", false},
                                      {"word_timestamps", json::object{{"words", std::move(texts)},
                                                                       {"start", std::move(starts)},
                                                                       {"end", std::move(ends)}}}});
}

std::string FlushDoneMessage(std::string_view context_id, int flush_id) {
  return json::serialize(json::object{{"type", "flush_done"},
                                      {"context_id", context_id},
                                      {"status_code", 206},
                                      {"done", false},
                                      {"flush_id", flush_id},
                                      {"flush_done", true}});
}

std::string DoneMessage(std::string_view context_id) {
  return json::serialize(json::object{
      {"type", "done"}, {"context_id", context_id}, {"status_code", 200}, {"done", true}});
}

}  // namespace latchkey::sandbox
