// OpenaiResponse: one answer of a Realtime session, as the series of events that tells it.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/providers/openai_audio.h"
#include "sandbox/providers/openai_error.h"
#include "sandbox/providers/openai_usage.h"
#include "sandbox/scenario/fault.h"
#include "sandbox/speech/synthesizer.h"

namespace latchkey::sandbox {

// One event, and the chance that it is for a fault of the scenario's.
struct OpenaiEvent {
  explicit OpenaiEvent(boost::json::object its_body) : body(std::move(its_body)) {}

  boost::json::object body;  // Without event_id.
  std::optional<Fault::Moment> moment;
};
using OpenaiEvents = std::vector<OpenaiEvent>;

// What a response says and does.
struct OpenaiReply {
  std::string text;
  bool end_call = false;  // Then a function is called: end_call, or another.
  std::string call_name = "end_call";
  std::string call_arguments = R"({"reason":"the conversation is over"})";
  std::shared_ptr<const Speech> speech;  // Shared with the synthesizer's cache; null for text.
};

// How a response was asked for, by the session and by its response.create.
struct OpenaiResponseSetup {
  std::string id, message_id, call_item_id, call_id;
  std::string conversation_id;  // Empty: it stays out of the conversation.
  bool audio = true;
  OpenaiAudioFormat format = OpenaiAudioFormat::kPcm;
  boost::json::value shown_format, voice, metadata, tokens_max;
  std::optional<int64_t> output_tokens_max;
};

// A rule without time: whoever asks for the next events waits between them. Events of the item and
// of the conversation come as they would in the conversation.
class OpenaiResponse {
 public:
  explicit OpenaiResponse(OpenaiResponseSetup setup) : setup_(std::move(setup)) {}

  const OpenaiResponseSetup& setup() const { return setup_; }
  boost::json::object Created() const;

  void Plan(OpenaiReply reply);
  bool planned() const { return planned_; }

  // The next events: one piece of 200 ms, or of one word. Empty when all but response.done is out.
  OpenaiEvents Next();
  // Ends what is open; `reason` is turn_detected or client_cancelled.
  OpenaiEvents Cancel(std::string reason);
  void Fail(const OpenaiError& error);

  // With the usage of what it said.
  boost::json::object Done(const OpenaiTokens& input, const OpenaiTokens& cached) const;

  // What has been said so far, for the conversation.
  int64_t sent_ms() const { return sent_ms_; }
  const std::string& sent_text() const { return sent_text_; }
  OpenaiTokens output_tokens() const;

 private:
  enum class Step { kHead, kPieces, kCall, kEnd };

  boost::json::object Base(std::string type) const;
  boost::json::object PartBase(std::string type) const;
  boost::json::object Message(std::string status, bool with_content) const;
  boost::json::object Call(std::string status, std::string arguments) const;
  OpenaiEvents Head();
  OpenaiEvents Piece();
  OpenaiEvents AudioPiece();
  OpenaiEvents TextPiece();
  OpenaiEvents Tail(std::string status);
  OpenaiEvents CallEvents();
  bool OverBudget() const;
  bool MoreToSay() const;

  OpenaiResponseSetup setup_;
  OpenaiReply reply_;
  bool planned_ = false;
  Step step_ = Step::kHead;
  size_t samples_sent_ = 0;
  size_t words_sent_ = 0;
  size_t text_sent_ = 0;
  int pieces_ = 0;
  bool mid_offered_ = false;
  int64_t sent_ms_ = 0;
  std::string sent_text_;
  boost::json::array output_;
  std::string status_ = "in_progress";
  boost::json::value details_;
};

}  // namespace latchkey::sandbox
