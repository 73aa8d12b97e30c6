#include "sandbox/providers/cartesia_request.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <utility>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view kVersions[] = {"2024-06-10", "2024-11-13", "2025-04-16", "2026-03-01",
                                          "2026-08-14"};
constexpr std::string_view kPlainVoiceSince = "2026-08-14";
constexpr int64_t kBufferDelayMaxMs = 5000;

CartesiaRefusal BadRequest(std::string message) { return {400, "", std::move(message)}; }

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return "";
  return std::string(value->get_string());
}

bool Flag(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

// The sonic-3 family and its alias are served; older ones were taken out of service.
CartesiaRefusal WrongWithModel(std::string_view model) {
  if (model.empty()) return BadRequest("model_id is required.");
  const bool sunset = model == "sonic" || model == "sonic-3-2025-10-27" ||
                      model.starts_with("sonic-english") || model.starts_with("sonic-turbo") ||
                      model.starts_with("sonic-multilingual") || model.starts_with("sonic-2");
  if (sunset) return {400, "model_sunsetted", "This model is no longer available."};
  if (model.starts_with("sonic-3") || model == "sonic-latest") return {};
  return {404, "model_not_found", "No model exists with this id."};
}

// Its shape belongs to the version: a text or {"id"} since 2026-08-14, {"mode":"id","id"} before.
bool IsVoice(const json::value* voice, std::string_view version) {
  if (voice == nullptr) return false;
  if (voice->is_string()) return version >= kPlainVoiceSince && !voice->get_string().empty();
  const json::object* const object = voice->if_object();
  if (object == nullptr || TextOf(*object, "id").empty()) return false;
  return version >= kPlainVoiceSince || TextOf(*object, "mode") == "id";
}

bool IsTelephone(const json::value* format) {
  if (format == nullptr || !format->is_object()) return false;
  const json::object& wanted = format->get_object();
  const json::value* const rate = wanted.if_contains("sample_rate");
  return TextOf(wanted, "container") == "raw" && TextOf(wanted, "encoding") == "pcm_mulaw" &&
         rate != nullptr && *rate == 8000;
}

bool IsBufferDelay(const json::value& delay) {
  return delay.is_int64() && delay.get_int64() >= 0 && delay.get_int64() <= kBufferDelayMaxMs;
}

std::string SettingsOf(const json::object& request) {
  json::object settings;
  for (const char* name : {"model_id", "voice", "output_format", "language", "locale"}) {
    if (request.contains(name)) settings[name] = request.at(name);
  }
  return json::serialize(settings);
}

}  // namespace

bool IsCartesiaVersion(std::string_view version) {
  return std::ranges::find(kVersions, version) != std::end(kVersions);
}

CartesiaRefusal CheckGeneration(const json::value& request, std::string_view version) {
  const json::object* const object = request.if_object();
  if (object == nullptr) return BadRequest("The message must be a JSON object.");
  const json::value* const transcript = object->if_contains("transcript");
  if (transcript == nullptr || !transcript->is_string()) {
    return BadRequest("transcript is required.");
  }
  if (!IsVoice(object->if_contains("voice"), version)) {
    return BadRequest("voice is required, in the shape of this version.");
  }
  CartesiaRefusal wrong_model = WrongWithModel(TextOf(*object, "model_id"));
  if (wrong_model.status != 0) return wrong_model;
  if (object->contains("language") && object->contains("locale")) {
    return BadRequest("language and locale exclude each other.");
  }
  const json::value* const delay = object->if_contains("max_buffer_delay_ms");
  if (delay != nullptr && !delay->is_null() && !IsBufferDelay(*delay)) {
    return BadRequest("max_buffer_delay_ms is from 0 to 5000.");
  }
  if (!IsTelephone(object->if_contains("output_format"))) {
    return {400, "unsupported_audio_format", "The sandbox speaks raw pcm_mulaw at 8000 Hz only."};
  }
  return {};
}

std::string VoiceOf(const json::value& request) {
  const json::value& voice = request.get_object().at("voice");
  if (voice.is_string()) return std::string(voice.get_string());
  return TextOf(voice.get_object(), "id");
}

GenerationRequest ReadGeneration(std::string_view text, std::string_view version) {
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
    request.refusal = CheckGeneration(value, version);
  }
  if (request.cancel || request.refusal.status != 0) return request;
  request.transcript = TextOf(*object, "transcript");
  request.voice_id = VoiceOf(value);
  request.settings = SettingsOf(*object);
  request.more_follows = Flag(*object, "continue");
  request.flush = Flag(*object, "flush");
  request.timestamps = Flag(*object, "add_timestamps");
  const json::value* const delay = object->if_contains("max_buffer_delay_ms");
  if (delay != nullptr && delay->is_int64()) {
    request.buffer_delay_max = absl::Milliseconds(delay->get_int64());
  }
  return request;
}

}  // namespace latchkey::sandbox
