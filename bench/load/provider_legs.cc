#include "bench/load/provider_legs.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json/parse.hpp>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "bench/load/pace.h"

namespace latchkey::bench {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPieceEvery(50);
constexpr int kPieceFrames = 5;
constexpr int kReplyFrames = 150;

constexpr std::string_view kFinal =
    R"({"type":"Results","channel_index":[0,1],"duration":2.0,"start":0.0,"is_final":true,)"
    R"("speech_final":true,"channel":{"alternatives":[)"
    R"({"transcript":"tell me more about it please","confidence":0.99,"words":[]}]}})";

constexpr std::string_view kReply =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_1","type":"message",)"
    R"("role":"assistant","model":"claude-haiku-5-5","content":[],"stop_reason":null,)"
    R"("stop_sequence":null,"usage":{"input_tokens":100,"output_tokens":1}}})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,)"
    R"("content_block":{"type":"text","text":""}})"
    "\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,)"
    R"("delta":{"type":"text_delta","text":"We open at nine in the morning. "}})"
    "\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,)"
    R"("delta":{"type":"text_delta","text":"Would that suit you?"}})"
    "\n\nevent: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":0})"
    "\n\nevent: message_delta\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},)"
    R"("usage":{"output_tokens":14}})"
    "\n\nevent: message_stop\n"
    R"(data: {"type":"message_stop"})"
    "\n\n";

}  // namespace

Task<void> ServeStt(std::unique_ptr<http::Websocket> socket, Traffic& traffic) {
  while (!traffic.stopping) {
    absl::StatusOr<http::Message> message = co_await socket->Read();
    if (!message.ok()) co_return;
    if (message->text) continue;
    traffic.ArriveUp(message->data, absl::Now());
    if (!SpeechEnds(message->data)) continue;
    const absl::Status sent = co_await socket->WriteText(kFinal);
    if (!sent.ok()) co_return;
  }
}

Task<void> ServeLlm(http::Responder& responder) {
  const http::Headers headers{{"Content-Type", "text/event-stream"}};
  absl::Status sent = co_await responder.Start(200, headers);
  if (sent.ok()) sent = co_await responder.Write(kReply);
  if (sent.ok()) sent = co_await responder.Finish();
}

TtsLeg::TtsLeg(Executor executor, Traffic& traffic, std::unique_ptr<http::Websocket> socket)
    : executor_(std::move(executor)),
      traffic_(traffic),
      socket_(std::move(socket)),
      number_(traffic.NewSpeaker()) {}

Task<void> TtsLeg::Run() {
  using boost::asio::experimental::awaitable_operators::operator&&;
  co_await (Listen() && Speak());
}

Task<void> TtsLeg::Listen() {
  while (true) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    Take(message->data);
  }
  over_ = true;
}

void TtsLeg::Take(std::string_view message) {
  boost::system::error_code error;
  const json::value value = json::parse(message, error);
  if (error || !value.is_object()) return;
  const json::object& request = value.get_object();
  const json::value* id = request.if_contains("context_id");
  if (id == nullptr || !id->is_string()) return;
  const std::string name(id->get_string());
  const json::value* cancel = request.if_contains("cancel");
  if (cancel != nullptr && cancel->is_bool() && cancel->get_bool()) {
    contexts_.erase(name);
    return;
  }
  const auto [found, is_new] =
      contexts_.try_emplace(name, Context{.reply = replies_ + 1, .frames_left = kReplyFrames});
  if (is_new) ++replies_;
  Context& context = found->second;
  const json::value* more = request.if_contains("continue");
  if (more == nullptr || !more->is_bool() || !more->get_bool()) context.complete = true;
}

Task<void> TtsLeg::Speak() {
  Pace pace(executor_, kPieceEvery);
  absl::Status sent;
  while (sent.ok() && !over_ && !traffic_.stopping) {
    co_await pace.Next();
    if (contexts_.empty()) continue;
    const std::string name = contexts_.begin()->first;
    Context& context = contexts_.begin()->second;
    if (context.frames_left > 0) {
      sent = co_await SendPiece(name, context);
    } else if (context.complete) {
      const std::string done =
          fmt::format(R"({{"type":"done","context_id":"{}","status_code":200,"done":true}})", name);
      contexts_.erase(name);
      sent = co_await socket_->WriteText(done);
    }
  }
  socket_->Abort();
}

Task<absl::Status> TtsLeg::SendPiece(const std::string& name, Context& context) {
  std::string audio;
  const absl::Time now = absl::Now();
  for (int i = 0; i < kPieceFrames && context.frames_left > 0; ++i, --context.frames_left) {
    FrameTag tag;
    tag.call = number_;
    const int spoken = kReplyFrames - context.frames_left;
    tag.sequence = SpokenSequence(context.reply, static_cast<uint32_t>(spoken));
    traffic_.NoteDown(tag, now);
    audio += MakeFrame(tag, true);
  }
  std::string data;
  absl::Base64Escape(audio, &data);
  out_ = fmt::format(R"({{"type":"chunk","context_id":"{}","status_code":206,"done":false,)"
                     R"("data":"{}","step_time":1.0}})",
                     name, data);
  co_return co_await socket_->WriteText(out_);
}

}  // namespace latchkey::bench
