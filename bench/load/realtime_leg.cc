#include "bench/load/realtime_leg.h"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "bench/load/pace.h"
#include "bench/load/text_value.h"

namespace latchkey::bench {
namespace {

constexpr std::chrono::milliseconds kPieceEvery(50);
constexpr int kPieceFrames = 5;
constexpr int kReplyFrames = 150;
constexpr int64_t kFrameMs = 20;

constexpr std::string_view kUsage =
    R"("usage":{"total_tokens":120,"input_tokens":80,"output_tokens":40,)"
    R"("input_token_details":{"text_tokens":40,"audio_tokens":40,"cached_tokens":0,)"
    R"("cached_tokens_details":{"text_tokens":0,"audio_tokens":0}},)"
    R"("output_token_details":{"text_tokens":10,"audio_tokens":30}})";

}  // namespace

RealtimeLeg::RealtimeLeg(Executor executor, Traffic& traffic,
                         std::unique_ptr<http::Websocket> socket)
    : executor_(std::move(executor)),
      traffic_(traffic),
      socket_(std::move(socket)),
      number_(traffic.NewSpeaker()) {}

Task<void> RealtimeLeg::Run() {
  using boost::asio::experimental::awaitable_operators::operator&&;
  const int64_t expire_time = absl::ToUnixSeconds(absl::Now() + absl::Hours(1));
  std::string session = fmt::format(
      R"("session":{{"type":"realtime","id":"sess_{}","expires_at":{}}})", number_, expire_time);
  const absl::Status created = co_await Send("session.created", std::move(session));
  if (created.ok()) co_await (Listen() && Speak());
}

Task<void> RealtimeLeg::Listen() {
  absl::Status taken;
  while (taken.ok()) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    taken = co_await Take(message->data);
  }
  over_ = true;
}

Task<absl::Status> RealtimeLeg::Take(std::string_view message) {
  const std::string_view type = TextValue(message, "\"type\"");
  if (type == "input_audio_buffer.append") co_return co_await Hear(message);
  if (type == "session.update") {
    co_return co_await Send("session.updated", R"("session":{"type":"realtime"})");
  }
  if (type == "response.create") co_return co_await BeginResponse();
  if (type == "response.cancel" && speaking_) co_return co_await EndResponse("cancelled");
  co_return absl::OkStatus();
}

Task<absl::Status> RealtimeLeg::Hear(std::string_view message) {
  const std::string_view payload = TextValue(message, "\"audio\"");
  if (!absl::Base64Unescape(absl::string_view(payload.data(), payload.size()), &audio_)) {
    co_return absl::InvalidArgumentError("audio that is not base64");
  }
  traffic_.ArriveUp(audio_, absl::Now());
  heard_frames_ += static_cast<int64_t>(audio_.size() / kFrameBytes);
  if (!caller_speaks_ && IsVoiced(audio_)) {
    caller_speaks_ = true;
    std::string rest = fmt::format(R"("audio_start_ms":{},"item_id":"item_c{}")",
                                   heard_frames_ * kFrameMs, turns_ + 1);
    const absl::Status sent = co_await Send("input_audio_buffer.speech_started", std::move(rest));
    if (!sent.ok() || !speaking_) co_return sent;
    co_return co_await EndResponse("cancelled");
  }
  if (caller_speaks_ && SpeechEnds(audio_)) co_return co_await TakeTurn();
  co_return absl::OkStatus();
}

Task<absl::Status> RealtimeLeg::TakeTurn() {
  caller_speaks_ = false;
  const std::string item = fmt::format(R"("item_id":"item_c{}")", ++turns_);
  std::string stopped = fmt::format(R"("audio_end_ms":{},{})", heard_frames_ * kFrameMs, item);
  absl::Status sent = co_await Send("input_audio_buffer.speech_stopped", std::move(stopped));
  if (sent.ok()) sent = co_await Send("input_audio_buffer.committed", item);
  std::string words = item + R"(,"content_index":0,"transcript":"tell me more about it please")";
  if (sent.ok()) {
    sent = co_await Send("conversation.item.input_audio_transcription.completed", std::move(words));
  }
  if (sent.ok() && !speaking_) sent = co_await BeginResponse();
  co_return sent;
}

Task<absl::Status> RealtimeLeg::BeginResponse() {
  ++responses_;
  speaking_ = true;
  frames_left_ = kReplyFrames;
  std::string response = fmt::format(
      R"("response":{{"object":"realtime.response","id":"resp_{}","status":"in_progress"}})",
      responses_);
  absl::Status sent = co_await Send("response.created", std::move(response));
  std::string words = fmt::format(
      R"("response_id":"resp_{0}","item_id":"item_a{0}","output_index":0,"content_index":0,)"
      R"("delta":"We open at nine in the morning. Would that suit you?")",
      responses_);
  if (sent.ok()) {
    sent = co_await Send("response.output_audio_transcript.delta", std::move(words));
  }
  co_return sent;
}

Task<void> RealtimeLeg::Speak() {
  Pace pace(executor_, kPieceEvery);
  absl::Status sent;
  while (sent.ok() && !over_ && !traffic_.stopping) {
    co_await pace.Next();
    if (!speaking_) continue;
    if (frames_left_ > 0) {
      sent = co_await SendPiece();
    } else {
      sent = co_await EndResponse("completed");
    }
  }
  socket_->Abort();
}

Task<absl::Status> RealtimeLeg::SendPiece() {
  std::string audio;
  const absl::Time now = absl::Now();
  for (int i = 0; i < kPieceFrames && frames_left_ > 0; ++i, --frames_left_) {
    FrameTag tag;
    tag.call = number_;
    tag.sequence = SpokenSequence(responses_, static_cast<uint32_t>(kReplyFrames - frames_left_));
    traffic_.NoteDown(tag, now);
    audio += MakeFrame(tag, true);
  }
  std::string data;
  absl::Base64Escape(audio, &data);
  std::string rest = fmt::format(
      R"("response_id":"resp_{0}","item_id":"item_a{0}","output_index":0,"content_index":0,)"
      R"("delta":"{1}")",
      responses_, data);
  co_return co_await Send("response.output_audio.delta", std::move(rest));
}

Task<absl::Status> RealtimeLeg::EndResponse(std::string_view status) {
  speaking_ = false;
  std::string item = fmt::format(R"("response_id":"resp_{0}","item_id":"item_a{0}")", responses_);
  absl::Status sent = co_await Send("response.output_audio.done", std::move(item));
  std::string response =
      fmt::format(R"("response":{{"object":"realtime.response","id":"resp_{}","status":"{}",{}}})",
                  responses_, status, kUsage);
  if (sent.ok()) sent = co_await Send("response.done", std::move(response));
  co_return sent;
}

Task<absl::Status> RealtimeLeg::Send(const char* type, std::string rest) {
  const std::string event = fmt::format(R"({{"type":"{}","event_id":"event_1",{}}})", type, rest);
  co_return co_await socket_->WriteText(event);
}

}  // namespace latchkey::bench
