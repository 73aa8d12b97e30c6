#include "bench/load/carrier_leg.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "bench/load/pace.h"
#include "bench/load/text_value.h"
#include "lib/base/log.h"

namespace latchkey::bench {
namespace {

constexpr std::chrono::milliseconds kFrame(20);
// A turn: the caller speaks, then listens to an answer of three seconds.
constexpr int64_t kTurnFrames = 350, kVoicedFrames = 100, kFirstWord = 150;
// In every third turn the caller interrupts for half a second, and gets another answer.
constexpr int64_t kInterruptedTurn = 3, kInterruption = 140, kInterruptionFrames = 25;
constexpr std::string_view kStreamSid = "MZ00000000000000000000000000000000";

}  // namespace

Task<void> CarrierLeg::Run(http::TlsContext tls, http::Url stream_url) {
  using boost::asio::experimental::awaitable_operators::operator&&;
  const http::WebsocketLimits limits;
  const http::Headers headers;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
      co_await http::ConnectWebsocket(tls, stream_url, headers, std::nullopt, limits);
  if (!socket.ok()) {
    log::Error("carrier leg refused", {{"error", socket.status()}});
    ++traffic_.calls_ended;
    co_return;
  }
  socket_ = *std::move(socket);
  number_ = traffic_.NewCaller();
  ++traffic_.live_calls;
  co_await (Speak() && Listen());
  --traffic_.live_calls;
  ++traffic_.calls_ended;
}

Task<void> CarrierLeg::Speak() {
  const std::string connected = R"({"event":"connected","protocol":"Call","version":"1.0.0"})";
  absl::Status sent = co_await socket_->WriteText(connected);
  const std::string start = fmt::format(
      R"({{"event":"start","sequenceNumber":"1","streamSid":"{}","start":{{)"
      R"("accountSid":"AC00000000000000000000000000000001","streamSid":"{}","callSid":"{}",)"
      R"("tracks":["inbound"],"mediaFormat":{{"encoding":"audio/x-mulaw","sampleRate":8000,)"
      R"("channels":1}},"customParameters":{{}}}}}})",
      kStreamSid, kStreamSid, call_sid_);
  if (sent.ok()) sent = co_await socket_->WriteText(start);
  Pace pace(executor_, kFrame);
  while (sent.ok() && !over_ && !traffic_.stopping) {
    const absl::Duration late = co_await pace.Next();
    traffic_.readings().lateness.Add(late);
    sent = co_await SendFrame(now_frame_);
    ++now_frame_;
    if (sent.ok()) sent = co_await ReturnMarks(now_frame_);
  }
  socket_->Abort();
}

bool CarrierLeg::Voiced(int64_t frame) const {
  if (frame < kFirstWord) return false;
  const int64_t turn = (frame - kFirstWord) / kTurnFrames;
  const int64_t at = (frame - kFirstWord) % kTurnFrames;
  if (at < kVoicedFrames) return true;
  return traffic_.interruptions && turn % kInterruptedTurn == kInterruptedTurn - 1 &&
         at >= kInterruption && at < kInterruption + kInterruptionFrames;
}

Task<absl::Status> CarrierLeg::SendFrame(int64_t number) {
  const bool voiced = Voiced(number);
  const bool was_voiced = number > 0 && Voiced(number - 1);
  if (voiced && !was_voiced) rules_.OnTurnBegins();
  if (!voiced && was_voiced) rules_.OnTurnEnds();
  FrameTag tag;
  tag.call = number_;
  tag.sequence = static_cast<uint32_t>(number);
  tag.speech_ends = !voiced && was_voiced;
  std::string payload;
  absl::Base64Escape(MakeFrame(tag, voiced), &payload);
  out_.clear();
  fmt::format_to(
      std::back_inserter(out_),
      R"({{"event":"media","sequenceNumber":"{}","streamSid":"{}","media":{{"track":"inbound",)"
      R"("chunk":"{}","timestamp":"{}","payload":"{}"}}}})",
      number + 2, kStreamSid, number + 1, number * 20, payload);
  traffic_.NoteUp(tag, absl::Now());
  co_return co_await socket_->WriteText(out_);
}

Task<absl::Status> CarrierLeg::ReturnMarks(int64_t played_frames) {
  while (!marks_.empty() && marks_.front().at_frame <= played_frames) {
    const std::string mark = fmt::format(
        R"({{"event":"mark","sequenceNumber":"1","streamSid":"{}","mark":{{"name":"{}"}}}})",
        kStreamSid, marks_.front().name);
    marks_.pop_front();
    absl::Status sent = co_await socket_->WriteText(mark);
    if (!sent.ok()) co_return sent;
  }
  co_return absl::OkStatus();
}

Task<void> CarrierLeg::Listen() {
  while (true) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    Take(message->data);
  }
  over_ = true;
}

void CarrierLeg::Take(std::string_view message) {
  const std::string_view event = TextValue(message, "\"event\"");
  if (event == "media") {
    const std::string_view payload = TextValue(message, "\"payload\"");
    if (!absl::Base64Unescape(absl::string_view(payload.data(), payload.size()), &audio_)) return;
    traffic_.ArriveDown(audio_, absl::Now());
    rules_.OnAgentAudio(audio_);
    buffered_until_ =
        std::max(buffered_until_, now_frame_) + static_cast<int64_t>(audio_.size() / kFrameBytes);
  } else if (event == "mark") {
    marks_.push_back(
        {std::max(buffered_until_, now_frame_), std::string(TextValue(message, "\"name\""))});
  } else if (event == "clear") {
    buffered_until_ = now_frame_;
    ++traffic_.readings().clears;
    rules_.OnClear();
    for (Mark& mark : marks_) mark.at_frame = now_frame_;
  }
}

}  // namespace latchkey::bench
