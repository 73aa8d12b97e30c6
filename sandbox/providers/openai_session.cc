#include "sandbox/providers/openai_session.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "sandbox/providers/openai_json.h"
#include "sandbox/providers/openai_reply.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

// Pieces of a transcription; a client joins them.
std::vector<std::string> Pieces(const std::string& text) {
  std::vector<std::string> pieces;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at + 1), text.size());
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

json::object TranscriptionUsage(const OpenaiItem& item, std::string_view model) {
  if (model == "whisper-1") {
    return {{"type", "duration"}, {"seconds", static_cast<double>(item.audio_ms) / 1000}};
  }
  const int64_t audio = HeardTokens(item.audio_ms), words = TextTokens(item.words);
  const json::object details{{"text_tokens", 0}, {"audio_tokens", audio}};
  return {{"type", "tokens"},
          {"total_tokens", audio + words},
          {"input_tokens", audio},
          {"input_token_details", details},
          {"output_tokens", words}};
}

json::object TranscriptionEvent(std::string_view end, std::string_view item_id) {
  return {{"type", fmt::format("conversation.item.input_audio_transcription.{}", end)},
          {"item_id", item_id},
          {"content_index", 0}};
}

}  // namespace

OpenaiSession::OpenaiSession(OpenaiSessionOptions options)
    : options_(std::move(options)),
      quirks_(options_.scenario->quirks.openai),
      config_(options_.model),
      limit_(quirks_.tokens_per_minute, options_.begin),
      now_(options_.begin) {}

std::string OpenaiSession::NewId(std::string_view prefix) {
  return fmt::format("{}_{}_{}", prefix, std::string_view(options_.id).substr(5), ++ids_);
}

json::object OpenaiSession::Shown() const {
  json::object shown = config_.shown();
  shown["id"] = options_.id;
  shown["expires_at"] = absl::ToUnixSeconds(options_.begin + quirks_.session_limit);
  return shown;
}

OpenaiActions OpenaiSession::Begin() {
  if (options_.refusal.has_value()) {
    End(*options_.refusal);
  } else {
    Send({{"type", "session.created"}, {"session", Shown()}});
  }
  return Take();
}

void OpenaiSession::Send(json::object event, std::string_view response_id) {
  event["event_id"] = NewId("event");
  const bool delta = std::string_view(event.at("type").get_string()).ends_with(".delta");
  if (delta && quirks_.obfuscation) event["obfuscation"] = "aXk3R0pq";
  OpenaiAction action;
  action.text = json::serialize(event);
  action.response_id = response_id;
  actions_.push_back(std::move(action));
}

void OpenaiSession::Complain(const OpenaiError& error) { Send(OpenaiErrorEvent(error, cause_)); }

// Tells of the error, and closes if the provider would.
void OpenaiSession::End(const OpenaiError& error) {
  Complain(error);
  OpenaiClose close = OpenaiCloseFor(error);
  OpenaiAction action;
  action.kind = OpenaiAction::Kind::kClose;
  action.close_code = close.code;
  action.text = std::move(close.reason);
  actions_.push_back(std::move(action));
  over_ = true;
}

OpenaiActions OpenaiSession::OnSpeechStarted(absl::Duration at, absl::Time now) {
  now_ = now;
  idle_at_ = absl::InfiniteFuture();
  speaking_item_ = NewId("item");
  Send({{"type", "input_audio_buffer.speech_started"},
        {"audio_start_ms", absl::ToInt64Milliseconds(at)},
        {"item_id", speaking_item_}});
  if (config_.turn_detection().interrupt_response) Interrupt("turn_detected");
  return Take();
}

OpenaiActions OpenaiSession::OnSpeechStopped(absl::Duration start, absl::Duration end,
                                             absl::Time now) {
  now_ = now;
  Send({{"type", "input_audio_buffer.speech_stopped"},
        {"audio_end_ms", absl::ToInt64Milliseconds(end)},
        {"item_id", speaking_item_}});
  CommitTurn(std::exchange(speaking_item_, ""), absl::ToInt64Milliseconds(end - start));
  if (config_.turn_detection().create_response) {
    respond_next_ = response_.has_value();
    if (!respond_next_) Respond(nullptr);
  }
  return Take();
}

void OpenaiSession::CommitTurn(std::string item_id, int64_t audio_ms) {
  OpenaiItem item = MakeHeardItem(item_id, audio_ms);
  const json::object shown = item.shown;
  const std::string previous = *conversation_.Add(std::move(item));
  const json::value before = previous.empty() ? json::value() : json::value(previous);
  Send({{"type", "input_audio_buffer.committed"},
        {"item_id", item_id},
        {"previous_item_id", before}});
  for (const char* type : {"conversation.item.added", "conversation.item.done"}) {
    Send({{"type", type}, {"previous_item_id", before}, {"item", shown}});
  }
  buffered_bytes_ = 0;
  OpenaiAction commit;
  commit.kind = OpenaiAction::Kind::kCommit;
  commit.item_id = std::move(item_id);
  actions_.push_back(std::move(commit));
}

void OpenaiSession::OnHeard(std::string_view item_id, std::string words) {
  OpenaiItem* const item = conversation_.Find(item_id);
  if (item == nullptr) return;  // Deleted meanwhile.
  item->words = std::move(words);
  item->heard = true;
}

OpenaiActions OpenaiSession::OnTranscribed(std::string_view item_id) {
  const OpenaiItem* const item = conversation_.Find(item_id);
  const std::string model = config_.transcription_model();
  if (item == nullptr || model.empty()) return {};
  if (quirks_.transcription_fails) {
    json::object failed = TranscriptionEvent("failed", item_id);
    failed["error"] = json::object{{"type", "server_error"},
                                   {"code", "audio_unintelligible"},
                                   {"message", "The audio could not be transcribed."},
                                   {"param", nullptr}};
    Send(std::move(failed));
    return Take();
  }
  for (const std::string& piece : Pieces(item->words)) {
    json::object delta = TranscriptionEvent("delta", item_id);
    delta["delta"] = piece;
    Send(std::move(delta));
  }
  json::object completed = TranscriptionEvent("completed", item_id);
  completed["transcript"] = item->words;
  completed["usage"] = TranscriptionUsage(*item, model);
  Send(std::move(completed));
  OpenaiItem* const shown = conversation_.Find(item_id);
  const json::object part{{"type", "input_audio"}, {"transcript", shown->words}};
  shown->shown["content"] = json::array{part};
  return Take();
}

OpenaiActions OpenaiSession::OnTime(absl::Time now) {
  now_ = now;
  if (over_) return {};
  if (now >= options_.begin + quirks_.session_limit) {
    cause_.clear();
    End({"session_expired", "Your session hit the maximum duration of 60 minutes."});
  } else if (now >= idle_at_ && speaking_item_.empty()) {
    idle_at_ = absl::InfiniteFuture();
    const std::string item_id = NewId("item");
    const int64_t waited =
        std::min(position_ms_, absl::ToInt64Milliseconds(config_.turn_detection().idle_timeout));
    Send({{"type", "input_audio_buffer.timeout_triggered"},
          {"audio_start_ms", position_ms_ - waited},
          {"audio_end_ms", position_ms_},
          {"item_id", item_id}});
    CommitTurn(item_id, waited);
    if (!response_.has_value()) Respond(nullptr);
  }
  return Take();
}

}  // namespace latchkey::sandbox
