#include "sandbox/providers/anthropic_events.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "sandbox/providers/anthropic_errors.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

std::string Event(std::string_view name, const json::object& fields) {
  json::object data{{"type", name}};
  for (const auto& field : fields) data[field.key()] = field.value();
  return fmt::format("event: {}\ndata: {}\n\n", name, json::serialize(data));
}

std::string Ping() { return Event("ping", {}); }

std::string Start(int index, json::object block) {
  return Event("content_block_start", {{"index", index}, {"content_block", std::move(block)}});
}

std::string Delta(int index, std::string_view type, std::string_view field,
                  std::string_view value) {
  return Event("content_block_delta",
               {{"index", index}, {"delta", json::object{{"type", type}, {field, value}}}});
}

std::string Stop(int index) { return Event("content_block_stop", {{"index", index}}); }

// The stream of one answer, as it grows.
class Pieces {
 public:
  explicit Pieces(int pings) : pings_(pings) {}

  void Add(AnthropicPiece::Kind kind, std::string bytes) {
    pieces_.push_back({kind, std::move(bytes)});
  }

  // A block's text, a word at a time, each with the space before it.
  void AddWords(int index, std::string_view text, std::string_view type, std::string_view field) {
    size_t start = 0;
    while (start < text.size()) {
      const size_t end = std::min(text.find(' ', start + 1), text.size());
      std::string bytes;
      for (int i = 0; i < pings_; ++i) bytes += Ping();
      Add(AnthropicPiece::kToken,
          bytes + Delta(index, type, field, text.substr(start, end - start)));
      start = end;
    }
  }

  std::vector<AnthropicPiece> Take() { return std::move(pieces_); }

 private:
  const int pings_;
  std::vector<AnthropicPiece> pieces_;
};

std::string End(const AnthropicAnswer& answer) {
  json::object delta{{"stop_reason", answer.stop_reason}, {"stop_sequence", nullptr}};
  if (!answer.stop_sequence.empty()) delta["stop_sequence"] = answer.stop_sequence;
  if (answer.stop_reason == "refusal") {
    delta["stop_details"] = json::object{{"type", "refusal"}, {"category", nullptr}};
  }
  return Event("message_delta",
               {{"delta", std::move(delta)},
                {"usage", json::object{{"output_tokens", answer.output_tokens}}}}) +
         Event("message_stop", {});
}

}  // namespace

std::vector<AnthropicPiece> AnthropicPieces(const AnthropicAnswer& answer, int pings) {
  using Piece = AnthropicPiece;
  Pieces pieces(pings);
  pieces.Add(Piece::kStart, Event("message_start", {{"message", EmptyMessage(answer)}}) + Ping());
  int index = 0;
  if (!answer.thinking.empty()) {
    pieces.Add(Piece::kBlock,
               Start(index, {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}}));
    pieces.AddWords(index, answer.thinking, "thinking_delta", "thinking");
    pieces.Add(Piece::kBlock,
               Delta(index, "signature_delta", "signature", "c2FuZGJveA==") + Stop(index));
    ++index;
  }
  if (!answer.text.empty()) {
    pieces.Add(Piece::kBlock, Start(index, {{"type", "text"}, {"text", ""}}));
    pieces.AddWords(index, answer.text, "text_delta", "text");
    pieces.Add(Piece::kBlock, Stop(index));
    ++index;
  }
  for (size_t i = 0; i < answer.tools.size(); ++i, ++index) {
    const std::string& input = answer.tools[i].arguments;
    const size_t half = input.size() / 2;
    pieces.Add(Piece::kBlock,
               Start(index, ToolUse(answer, i)) +
                   Delta(index, "input_json_delta", "partial_json", input.substr(0, half)) +
                   Delta(index, "input_json_delta", "partial_json", input.substr(half)) +
                   Stop(index));
  }
  if (answer.end_call) {
    // The input comes in pieces that are no JSON alone; an object without fields in two.
    pieces.Add(Piece::kBlock, Start(index, EndCallUse(answer)) +
                                  Delta(index, "input_json_delta", "partial_json", "") +
                                  Delta(index, "input_json_delta", "partial_json", "{") +
                                  Delta(index, "input_json_delta", "partial_json", "}") +
                                  Stop(index));
  }
  pieces.Add(Piece::kEnd, End(answer));
  return pieces.Take();
}

std::string AnthropicErrorEvent(int status, std::string_view code) {
  return Event("error",
               AnthropicError(status, code, AnthropicErrorMessage(status, code), "req_sandbox"));
}

}  // namespace latchkey::sandbox
