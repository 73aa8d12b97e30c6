// What a Realtime session does on each event of its client's.
#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <utility>

#include "lib/base/base64.h"
#include "sandbox/providers/openai_config_checks.h"
#include "sandbox/providers/openai_json.h"
#include "sandbox/providers/openai_session.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using Kind = OpenaiAction::Kind;

constexpr size_t kAudioBytesMax = 15 * 1024 * 1024;
constexpr int64_t kCommitMsMin = 100;

OpenaiError NoSuchItem(std::string_view verb, std::string_view id) {
  return {fmt::format("item_{}_invalid_item_id", verb),
          fmt::format("Error: item with id '{}' does not exist.", id), "item_id"};
}

OpenaiAction Do(Kind kind, std::string text = "") {
  OpenaiAction action;
  action.kind = kind;
  action.text = std::move(text);
  return action;
}

}  // namespace

OpenaiSession::Handler OpenaiSession::HandlerOf(std::string_view type) {
  constexpr std::pair<std::string_view, Handler> kHandlers[] = {
      {"session.update", &OpenaiSession::UpdateSession},
      {"input_audio_buffer.append", &OpenaiSession::AppendAudio},
      {"input_audio_buffer.commit", &OpenaiSession::CommitAudio},
      {"input_audio_buffer.clear", &OpenaiSession::ClearAudio},
      {"conversation.item.create", &OpenaiSession::CreateItem},
      {"conversation.item.truncate", &OpenaiSession::TruncateItem},
      {"conversation.item.delete", &OpenaiSession::DeleteItem},
      {"conversation.item.retrieve", &OpenaiSession::RetrieveItem},
      {"response.create", &OpenaiSession::CreateResponse},
      {"response.cancel", &OpenaiSession::CancelResponse}};
  for (const auto& [name, handler] : kHandlers) {
    if (name == type) return handler;
  }
  return nullptr;
}

OpenaiActions OpenaiSession::OnText(std::string_view message, absl::Time now) {
  now_ = now;
  cause_.clear();
  if (over_) return {};
  boost::system::error_code error;
  const json::value event = json::parse(message, error);
  if (error || !event.is_object()) {
    Complain({"invalid_json", "We could not parse the JSON body of your event."});
    return Take();
  }
  cause_ = TextOf(&event, "event_id");
  const json::value* const type = FieldOf(&event, "type");
  const Handler handler = HandlerOf(TextOf(type));
  if (type == nullptr) {
    Complain({"missing_required_parameter", "Missing required parameter: 'type'.", "type"});
  } else if (handler == nullptr) {
    Complain({"invalid_value", fmt::format("Invalid value: '{}'.", TextOf(type)), "type"});
  } else {
    (this->*handler)(event.get_object());
  }
  return Take();
}

OpenaiActions OpenaiSession::OnBinary() {
  cause_.clear();
  if (!over_) {
    Complain({"invalid_event", "Binary messages are not supported. Send events as JSON text."});
  }
  return Take();
}

void OpenaiSession::UpdateSession(const json::object& event) {
  const OpenaiTurnDetection detection = config_.turn_detection();
  const OpenaiAudioFormat format = config_.format("input");
  std::optional<OpenaiError> wrong = config_.Update(FieldOf(event, "session"), spoken_);
  if (wrong.has_value()) return Complain(*wrong);
  Send({{"type", "session.updated"}, {"session", Shown()}});
  const bool changed = detection != config_.turn_detection() || format != config_.format("input");
  if (changed) actions_.push_back(Do(Kind::kListen));
}

void OpenaiSession::AppendAudio(const json::object& event) {
  const json::value* const audio = FieldOf(event, "audio");
  if (audio == nullptr || !audio->is_string()) {
    return Complain(
        {"missing_required_parameter", "Missing required parameter: 'audio'.", "audio"});
  }
  const json::string& text = audio->get_string();
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const std::optional<size_t> size = DecodeBase64(
      {text.data(), text.size()}, {reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
  if (!size.has_value() || *size > kAudioBytesMax) {
    return Complain({"invalid_value",
                     "Invalid 'audio'. Expected base64-encoded audio bytes (mono, at most 15 MiB) "
                     "in the session's input format.",
                     "audio"});
  }
  bytes.resize(*size);
  buffered_bytes_ += static_cast<int64_t>(*size);
  position_ms_ += static_cast<int64_t>(*size) / BytesPerMs(config_.format("input"));
  actions_.push_back(Do(Kind::kHear, std::move(bytes)));
}

void OpenaiSession::CommitAudio(const json::object&) {
  const int64_t buffered_ms = buffered_bytes_ / BytesPerMs(config_.format("input"));
  if (buffered_ms < kCommitMsMin) {
    return Complain({"input_audio_buffer_commit_empty",
                     fmt::format("Error committing input audio buffer: buffer too small. Expected "
                                 "at least 100ms of audio, but buffer only has {:.2f}ms of audio.",
                                 static_cast<double>(buffered_ms))});
  }
  std::string item_id = std::exchange(speaking_item_, "");
  if (item_id.empty()) item_id = NewId("item");
  CommitTurn(std::move(item_id), buffered_ms);
}

void OpenaiSession::ClearAudio(const json::object&) {
  buffered_bytes_ = 0;
  speaking_item_.clear();
  actions_.push_back(Do(Kind::kForget));
  Send({{"type", "input_audio_buffer.cleared"}});
}

void OpenaiSession::CreateItem(const json::object& event) {
  const json::value* const item = FieldOf(event, "item");
  if (std::optional<OpenaiError> wrong = WrongWithOpenaiItem(item, "item")) {
    return Complain(*wrong);
  }
  AddItem(MakeOpenaiItem(item->get_object(), NewId("item")), TextOf(event, "previous_item_id"));
}

void OpenaiSession::AddItem(OpenaiItem item, std::string_view previous) {
  const json::object shown = item.shown;
  if (conversation_.Find(item.id()) != nullptr) {
    return Complain(
        {"item_create_duplicate_id", "An item with this id exists already.", "item.id"});
  }
  const std::optional<std::string> before = conversation_.Add(std::move(item), previous);
  if (!before.has_value()) {
    return Complain({"invalid_value", "The previous item does not exist.", "previous_item_id"});
  }
  const json::value place = before->empty() ? json::value() : json::value(*before);
  for (const char* type : {"conversation.item.added", "conversation.item.done"}) {
    Send({{"type", type}, {"previous_item_id", place}, {"item", shown}});
  }
}

void OpenaiSession::TruncateItem(const json::object& event) {
  const std::string id = TextOf(event, "item_id");
  const std::optional<int64_t> end = WholeNumberOf(FieldOf(event, "audio_end_ms"));
  if (!end.has_value()) {
    return Complain(
        {"invalid_type", "Invalid type for 'audio_end_ms': expected an integer.", "audio_end_ms"});
  }
  const int64_t index = WholeNumberOf(FieldOf(event, "content_index")).value_or(-1);
  const std::optional<OpenaiError> wrong = conversation_.Truncate(id, index, *end);
  if (wrong.has_value()) return Complain(*wrong);
  Send({{"type", "conversation.item.truncated"},
        {"item_id", id},
        {"content_index", 0},
        {"audio_end_ms", *end}});
}

void OpenaiSession::DeleteItem(const json::object& event) {
  const std::string id = TextOf(event, "item_id");
  if (!conversation_.Remove(id)) return Complain(NoSuchItem("delete", id));
  Send({{"type", "conversation.item.deleted"}, {"item_id", id}});
}

void OpenaiSession::RetrieveItem(const json::object& event) {
  const std::string id = TextOf(event, "item_id");
  const OpenaiItem* const item = conversation_.Find(id);
  if (item == nullptr) return Complain(NoSuchItem("retrieve", id));
  Send({{"type", "conversation.item.retrieved"}, {"item", item->shown}});
}

void OpenaiSession::CreateResponse(const json::object& event) {
  const json::value* const overrides = FieldOf(event, "response");
  if (std::optional<OpenaiError> wrong = WrongWithOpenaiResponse(overrides)) {
    return Complain(*wrong);
  }
  if (response_.has_value()) {
    return Complain({"conversation_already_has_active_response",
                     fmt::format("Conversation already has an active response in progress: {}. "
                                 "Wait until the response is finished before creating a new one.",
                                 response_->setup().id)});
  }
  Respond(overrides);
}

void OpenaiSession::CancelResponse(const json::object& event) {
  const std::string id = TextOf(event, "response_id");
  const bool other = response_.has_value() && !id.empty() && id != response_->setup().id;
  if (!response_.has_value() || other) {
    return Complain(
        {"response_cancel_not_active", "Cancellation failed: no active response found"});
  }
  Interrupt("client_cancelled");
}

}  // namespace latchkey::sandbox
