#include "sandbox/providers/cartesia_messages.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/escaping.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr double kSamplesPerSecond = 8000;

Refusal BadRequest(std::string message) { return {400, "", std::move(message)}; }

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return "";
  return std::string(value->get_string());
}

bool Flag(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

// The sonic-3 family and its alias; "sonic-2" and older have been taken out of service.
bool Serves(std::string_view model) {
  return model.starts_with("sonic-3") || model == "sonic-latest";
}

bool IsTelephone(const json::value* format) {
  if (format == nullptr || !format->is_object()) return false;
  const json::object& wanted = format->get_object();
  const json::value* const rate = wanted.if_contains("sample_rate");
  return TextOf(wanted, "container") == "raw" && TextOf(wanted, "encoding") == "pcm_mulaw" &&
         rate != nullptr && *rate == 8000;
}

json::value CodeOf(const Refusal& refusal) {
  if (refusal.code.empty()) return nullptr;
  return json::string(refusal.code);
}

}  // namespace

Refusal CheckGeneration(const json::value& request) {
  const json::object* const object = request.if_object();
  if (object == nullptr) return BadRequest("The message must be a JSON object.");
  const json::value* const transcript = object->if_contains("transcript");
  if (transcript == nullptr || !transcript->is_string()) {
    return BadRequest("transcript is required.");
  }
  if (!object->contains("voice")) return BadRequest("voice is required.");
  const std::string model = TextOf(*object, "model_id");
  if (model.empty()) return BadRequest("model_id is required.");
  if (!Serves(model)) return {404, "model_not_found", "No model exists with this id."};
  if (!IsTelephone(object->if_contains("output_format"))) {
    return {400, "unsupported_audio_format", "The sandbox speaks raw pcm_mulaw at 8000 Hz only."};
  }
  return {};
}

GenerationRequest ReadGeneration(std::string_view text) {
  GenerationRequest request;
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  const json::object* const object = error ? nullptr : value.if_object();
  if (object == nullptr) {
    request.refusal = BadRequest("The message must be a JSON object.");
    return request;
  }
  request.context_id = TextOf(*object, "context_id");
  request.cancel = Flag(*object, "cancel");
  if (request.context_id.empty()) {
    request.refusal = BadRequest("context_id is required.");
  } else if (!request.cancel) {
    request.refusal = CheckGeneration(value);
  }
  request.transcript = TextOf(*object, "transcript");
  request.more_follows = Flag(*object, "continue");
  request.flush = Flag(*object, "flush");
  request.timestamps = Flag(*object, "add_timestamps");
  return request;
}

std::string ChunkMessage(std::string_view context_id, std::string_view audio) {
  std::string data;
  absl::Base64Escape(absl::string_view(audio.data(), audio.size()), &data);
  return json::serialize(json::object{{"type", "chunk"},
                                      {"context_id", context_id},
                                      {"status_code", 206},
                                      {"done", false},
                                      {"data", data},
                                      {"step_time", 12.4}});
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

std::string ErrorMessage(std::string_view context_id, const Refusal& refusal) {
  json::object message{{"type", "error"},
                       {"status_code", refusal.status},
                       {"done", true},
                       {"error_code", CodeOf(refusal)},
                       {"title", refusal.message},
                       {"message", refusal.message},
                       {"request_id", "sandbox"}};
  if (!context_id.empty()) message["context_id"] = context_id;
  return json::serialize(message);
}

std::string ErrorBody(const Refusal& refusal) {
  return json::serialize(json::object{{"error_code", CodeOf(refusal)},
                                      {"title", refusal.message},
                                      {"message", refusal.message},
                                      {"request_id", "sandbox"}});
}

}  // namespace latchkey::sandbox
