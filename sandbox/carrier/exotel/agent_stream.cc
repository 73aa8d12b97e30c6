#include "sandbox/carrier/exotel/agent_stream.h"

#include <utility>

#include "lib/base/log.h"
#include "sandbox/carrier/exotel/pcm.h"
#include "sandbox/carrier/line.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr absl::Duration kCloseWait = absl::Seconds(1);
constexpr uint16_t kUnsupportedData = 1003;
constexpr uint16_t kTooBig = 1009;
constexpr int64_t kBytesPerMs = 8;  // Mu-law at 8000 Hz.

}  // namespace

AgentStream::AgentStream(StreamMessages messages, StreamUrl url, const ExotelQuirks& quirks,
                         PlayoutBuffer& playout)
    : messages_(std::move(messages)), url_(std::move(url)), quirks_(quirks), playout_(playout) {}

AgentStream::~AgentStream() {
  if (socket_ != nullptr) socket_->Detach();
}

void AgentStream::Open(const Executor& executor, Clock& clock,
                       std::unique_ptr<http::Websocket> socket, FaultPlayer faults, Group& group) {
  socket_ =
      std::make_shared<StreamSocket>(executor, clock, std::move(socket), std::move(faults),
                                     [this](const http::Message& message) { OnMessage(message); });
  socket_->Send(Fault::Moment::kFirstByte, messages_.Connected());
  socket_->Send(Fault::Moment::kMidStream, messages_.Start(url_));
  socket_->Run(group);
}

void AgentStream::OnMessage(const http::Message& message) {
  if (!message.text) {
    socket_->Refuse(kUnsupportedData);
    return;
  }
  absl::StatusOr<StreamCommand> command = ParseStreamCommand(message.data);
  if (!command.ok()) {
    log::Warn("bad agent stream message", {{"error", command.status()}});
    return;
  }
  switch (command->kind) {
    case StreamCommand::Kind::kMedia:
      Play(std::move(command->audio));
      break;
    case StreamCommand::Kind::kMark:
      playout_.Mark(std::move(command->mark));
      break;
    case StreamCommand::Kind::kClear:
      playout_.Clear(quirks_.clear_returns_marks);
      break;
  }
}

void AgentStream::Play(std::vector<uint8_t> pcm) {
  if (pcm.size() > kChunkBytesMax) {
    socket_->Refuse(kTooBig);
    return;
  }
  std::vector<uint8_t> audio = ToMulaw(pcm, url_.sample_rate);
  if (pcm.size() % kChunkStep != 0) audio.insert(audio.end(), kFrameSamples, kMulawSilence);
  if (!playout_.Play(audio)) log::Warn("agent stream buffer full");
}

void AgentStream::SendTick(const CalleePhone::Answer& answer,
                           const std::vector<std::string>& marks) {
  age_ += kTick;
  if (ending_) {
    ending_for_ += kTick;
    // A late stop is not waited for: the call has ended.
    given_up_ = quirks_.stop_delay > absl::ZeroDuration() || ending_for_ >= kCloseWait;
    return;
  }
  if (age_ > quirks_.stream_max) {
    End("stopped");
    return;
  }
  constexpr Fault::Moment kMoment = Fault::Moment::kMidStream;
  said_.insert(said_.end(), answer.said.begin(), answer.said.end());
  const auto chunk = static_cast<size_t>(absl::ToInt64Milliseconds(quirks_.chunk) * kBytesPerMs);
  while (said_.size() >= chunk) {
    const std::vector<uint8_t> pcm =
        ToPcm(std::span<const uint8_t>(said_).first(chunk), url_.sample_rate);
    said_.erase(said_.begin(), said_.begin() + static_cast<ptrdiff_t>(chunk));
    socket_->Send(kMoment, messages_.Media(pcm));
  }
  for (const std::string& mark : marks) socket_->Send(kMoment, messages_.Mark(mark));
  for (const char digit : answer.pressed) {
    socket_->Send(kMoment, messages_.Dtmf(std::string_view(&digit, 1)));
  }
}

void AgentStream::End(std::string_view reason) {
  if (ending_) return;
  ending_ = true;
  socket_->End(messages_.Stop(reason), quirks_.stop_delay);
}

}  // namespace latchkey::sandbox::exotel
