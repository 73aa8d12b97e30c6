#include "sandbox/providers/openai_response.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "lib/base/base64.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr size_t kPieceSamples = 1600;  // 200 ms
constexpr int64_t kSamplesPerMs = 8;
constexpr int kMessageIndex = 0, kCallIndex = 1;

std::string Base64(std::string_view bytes) {
  std::string text;
  const auto* const data = reinterpret_cast<const uint8_t*>(bytes.data());
  AppendBase64({data, bytes.size()}, text);
  return text;
}

template <typename Value>
OpenaiEvent Wrap(json::object body, std::string_view name, const Value& value) {
  body[name] = value;
  return OpenaiEvent(std::move(body));
}

}  // namespace

json::object OpenaiResponse::Base(std::string type) const {
  return {{"type", std::move(type)}, {"response_id", setup_.id}};
}

json::object OpenaiResponse::PartBase(std::string type) const {
  json::object base = Base(std::move(type));
  base["item_id"] = setup_.message_id;
  base["output_index"] = kMessageIndex;
  base["content_index"] = 0;
  return base;
}

json::object OpenaiResponse::Message(std::string status, bool with_content) const {
  json::array content;
  if (with_content && setup_.audio) {
    content.push_back(json::object{{"type", "output_audio"}, {"transcript", sent_text_}});
  } else if (with_content) {
    content.push_back(json::object{{"type", "output_text"}, {"text", sent_text_}});
  }
  return {{"id", setup_.message_id}, {"object", "realtime.item"},
          {"type", "message"},       {"status", std::move(status)},
          {"role", "assistant"},     {"content", std::move(content)}};
}

json::object OpenaiResponse::Call(std::string status, std::string arguments) const {
  return {{"id", setup_.call_item_id},        {"object", "realtime.item"},
          {"type", "function_call"},          {"status", std::move(status)},
          {"name", reply_.call_name},         {"call_id", setup_.call_id},
          {"arguments", std::move(arguments)}};
}

json::object OpenaiResponse::Created() const { return Done({}, {}); }

void OpenaiResponse::Plan(OpenaiReply reply) {
  reply_ = std::move(reply);
  planned_ = true;
}

OpenaiTokens OpenaiResponse::output_tokens() const {
  OpenaiTokens tokens;
  tokens.text = TextTokens(sent_text_);
  tokens.audio = SpokenTokens(sent_ms_);
  if (step_ == Step::kEnd && reply_.end_call) tokens.text += TextTokens(reply_.call_arguments);
  return tokens;
}

bool OpenaiResponse::OverBudget() const {
  return setup_.output_tokens_max.has_value() &&
         output_tokens().total() >= *setup_.output_tokens_max;
}

bool OpenaiResponse::MoreToSay() const {
  if (setup_.audio) return samples_sent_ < reply_.speech->mulaw.size();
  return text_sent_ < reply_.text.size();
}

OpenaiEvents OpenaiResponse::Next() {
  switch (step_) {
    case Step::kHead:
      step_ = Step::kPieces;
      return Head();
    case Step::kPieces: {
      if (MoreToSay() && !OverBudget()) return Piece();
      const bool cut = MoreToSay();
      step_ = reply_.end_call && !cut ? Step::kCall : Step::kEnd;
      status_ = cut ? "incomplete" : "completed";
      if (cut) details_ = json::object{{"type", "incomplete"}, {"reason", "max_output_tokens"}};
      return Tail(status_);
    }
    case Step::kCall:
      step_ = Step::kEnd;
      return CallEvents();
    case Step::kEnd:
      break;
  }
  return {};
}

OpenaiEvents OpenaiResponse::Head() {
  json::object added = Base("response.output_item.added");
  added["output_index"] = kMessageIndex;
  const json::object part = setup_.audio ? json::object{{"type", "audio"}, {"transcript", ""}}
                                         : json::object{{"type", "text"}, {"text", ""}};
  const json::object item = Message("in_progress", false);
  OpenaiEvents events;
  events.push_back(Wrap(std::move(added), "item", item));
  events.back().moment = Fault::Moment::kFirstByte;
  events.push_back(Wrap({{"type", "conversation.item.added"}}, "item", item));
  events.push_back(Wrap(PartBase("response.content_part.added"), "part", part));
  return events;
}

// The chance for a fault in the middle is behind the first piece.
OpenaiEvents OpenaiResponse::Piece() {
  OpenaiEvents events = setup_.audio ? AudioPiece() : TextPiece();
  if (++pieces_ > 1 && !std::exchange(mid_offered_, true)) {
    events.front().moment = Fault::Moment::kMidStream;
  }
  return events;
}

OpenaiEvents OpenaiResponse::AudioPiece() {
  const std::vector<uint8_t>& mulaw = reply_.speech->mulaw;
  const size_t size = std::min(kPieceSamples, mulaw.size() - samples_sent_);
  const std::span<const uint8_t> piece(mulaw.data() + samples_sent_, size);
  samples_sent_ += size;
  sent_ms_ = static_cast<int64_t>(samples_sent_) / kSamplesPerMs;
  const bool last = samples_sent_ == mulaw.size();
  std::string words;
  while (words_sent_ < reply_.speech->words.size()) {
    const SpokenWord& word = reply_.speech->words[words_sent_];
    if (!last && word.start >= absl::Milliseconds(sent_ms_)) break;
    const bool first = words_sent_++ == 0;
    words += (first ? "" : " ") + word.text;
  }
  sent_text_ += words;
  OpenaiEvents events;
  if (!words.empty()) {
    events.push_back(Wrap(PartBase("response.output_audio_transcript.delta"), "delta", words));
  }
  const std::string audio = Base64(OpenaiAudioOut(setup_.format, piece));
  events.push_back(Wrap(PartBase("response.output_audio.delta"), "delta", audio));
  return events;
}

OpenaiEvents OpenaiResponse::TextPiece() {
  const size_t end = std::min(reply_.text.find(' ', text_sent_ + 1), reply_.text.size());
  const std::string piece = reply_.text.substr(text_sent_, end - text_sent_);
  text_sent_ = end;
  sent_text_ += piece;
  return {Wrap(PartBase("response.output_text.delta"), "delta", piece)};
}

OpenaiEvents OpenaiResponse::Tail(std::string status) {
  OpenaiEvents events;
  json::object part{{"type", "text"}, {"text", sent_text_}};
  if (setup_.audio) {
    part = {{"type", "audio"}, {"transcript", sent_text_}};
    events.emplace_back(PartBase("response.output_audio.done"));
    events.push_back(
        Wrap(PartBase("response.output_audio_transcript.done"), "transcript", sent_text_));
  } else {
    events.push_back(Wrap(PartBase("response.output_text.done"), "text", sent_text_));
  }
  if (!std::exchange(mid_offered_, true)) events.front().moment = Fault::Moment::kMidStream;
  const json::object item = Message(std::move(status), true);
  events.push_back(Wrap(PartBase("response.content_part.done"), "part", part));
  events.push_back(Wrap({{"type", "conversation.item.done"}}, "item", item));
  json::object done = Base("response.output_item.done");
  done["output_index"] = kMessageIndex;
  events.push_back(Wrap(std::move(done), "item", item));
  output_.push_back(item);
  return events;
}

OpenaiEvents OpenaiResponse::CallEvents() {
  const auto base = [&](std::string type) {
    json::object body = Base(std::move(type));
    body["output_index"] = kCallIndex;
    return body;
  };
  const auto with_call = [&](std::string type) {
    json::object body = base(std::move(type));
    body["item_id"] = setup_.call_item_id;
    body["call_id"] = setup_.call_id;
    return body;
  };
  const std::string& given = reply_.call_arguments;
  const json::object begun = Call("in_progress", ""), done = Call("completed", given);
  OpenaiEvents events;
  events.push_back(Wrap(base("response.output_item.added"), "item", begun));
  events.push_back(Wrap({{"type", "conversation.item.added"}}, "item", begun));
  events.push_back(Wrap(with_call("response.function_call_arguments.delta"), "delta", given));
  json::object arguments = with_call("response.function_call_arguments.done");
  arguments["name"] = reply_.call_name;
  events.push_back(Wrap(std::move(arguments), "arguments", given));
  events.push_back(Wrap({{"type", "conversation.item.done"}}, "item", done));
  events.push_back(Wrap(base("response.output_item.done"), "item", done));
  output_.push_back(done);
  return events;
}

OpenaiEvents OpenaiResponse::Cancel(std::string reason) {
  const bool open = step_ == Step::kPieces;
  step_ = Step::kEnd;
  reply_.end_call = false;  // It has not come to that.
  status_ = "cancelled";
  details_ = json::object{{"type", "cancelled"}, {"reason", std::move(reason)}};
  mid_offered_ = true;
  return open ? Tail("incomplete") : OpenaiEvents();
}

void OpenaiResponse::Fail(const OpenaiError& error) {
  step_ = Step::kEnd;
  reply_.end_call = false;
  status_ = "failed";
  const json::object why{{"type", error.type}, {"code", error.code}, {"message", error.message}};
  details_ = json::object{{"type", "failed"}, {"error", why}};
}

json::object OpenaiResponse::Done(const OpenaiTokens& input, const OpenaiTokens& cached) const {
  const bool over = status_ != "in_progress";
  json::object response{{"object", "realtime.response"},
                        {"id", setup_.id},
                        {"status", status_},
                        {"status_details", details_},
                        {"output", output_},
                        {"conversation_id", nullptr},
                        {"output_modalities", json::array{setup_.audio ? "audio" : "text"}},
                        {"max_output_tokens", setup_.tokens_max},
                        {"usage", nullptr},
                        {"metadata", setup_.metadata}};
  if (!setup_.conversation_id.empty()) response["conversation_id"] = setup_.conversation_id;
  const json::object output{{"format", setup_.shown_format}, {"voice", setup_.voice}};
  response["audio"] = json::object{{"output", output}};
  if (over) response["usage"] = OpenaiUsage(input, cached, output_tokens());
  return {{"type", over ? "response.done" : "response.created"}, {"response", response}};
}

}  // namespace latchkey::sandbox
