#include "sandbox/carrier/twilio/media_stream.h"

#include <utility>

#include "absl/status/statusor.h"
#include "lib/base/log.h"
#include "sandbox/carrier/line.h"

namespace latchkey::sandbox::twilio {
namespace {

// How long a call waits for its stream to close before it ends without.
constexpr absl::Duration kCloseWait = absl::Seconds(1);
constexpr uint16_t kUnsupportedData = 1003;

}  // namespace

MediaStream::MediaStream(StreamMessages messages, StreamMessages::Parameters parameters,
                         const TwilioQuirks& quirks, PlayoutBuffer& playout)
    : messages_(std::move(messages)),
      parameters_(std::move(parameters)),
      quirks_(quirks),
      playout_(playout),
      chunker_(quirks.chunk_bytes) {}

MediaStream::~MediaStream() {
  if (socket_ != nullptr) socket_->Detach();
}

void MediaStream::Open(const Executor& executor, Clock& clock,
                       std::unique_ptr<http::Websocket> socket, FaultPlayer faults, Group& group) {
  socket_ =
      std::make_shared<StreamSocket>(executor, clock, std::move(socket), std::move(faults),
                                     [this](const http::Message& message) { OnMessage(message); });
  socket_->Send(Fault::Moment::kFirstByte, messages_.Connected());
  socket_->Send(Fault::Moment::kMidStream, messages_.Start(parameters_));
  socket_->Run(group);
}

void MediaStream::OnMessage(const http::Message& message) {
  if (!message.text) {
    error_ = "31950";
    socket_->Refuse(kUnsupportedData);
    return;
  }
  absl::StatusOr<StreamCommand> command = ParseStreamCommand(message.data, messages_.stream_sid());
  if (!command.ok()) {
    log::Warn("bad media stream message", {{"error", command.status()}});
    return;  // Twilio warns with 31951 and goes on.
  }
  switch (command->kind) {
    case StreamCommand::Kind::kMedia:
      if (!playout_.Play(command->audio)) log::Warn("media stream buffer full");
      break;
    case StreamCommand::Kind::kMark:
      playout_.Mark(std::move(command->mark));
      break;
    case StreamCommand::Kind::kClear:
      playout_.Clear(quirks_.clear_returns_marks);
      break;
  }
}

void MediaStream::SendTick(const CalleePhone::Answer& answer,
                           const std::vector<std::string>& marks) {
  age_ += kTick;
  if (ending_) {
    ending_for_ += kTick;
    // A late stop is not waited for: the call has ended.
    given_up_ = quirks_.stop_delay > absl::ZeroDuration() || ending_for_ >= kCloseWait;
    return;
  }
  if (quirks_.stream_max > absl::ZeroDuration() && age_ > quirks_.stream_max) {
    ending_ = true;
    socket_->Cut();
    return;
  }
  constexpr Fault::Moment kMoment = Fault::Moment::kMidStream;
  for (const std::vector<uint8_t>& chunk : chunker_.Push(answer.said)) {
    socket_->Send(kMoment, messages_.Media(chunk));
  }
  for (const std::string& mark : marks) socket_->Send(kMoment, messages_.Mark(mark));
  for (const char digit : answer.pressed) {
    socket_->Send(kMoment, messages_.Dtmf(std::string_view(&digit, 1)));
  }
}

void MediaStream::End() {
  if (ending_) return;
  ending_ = true;
  socket_->End(messages_.Stop(), quirks_.stop_delay);
}

std::string MediaStream::error() const {
  if (!error_.empty()) return error_;
  return socket_->broken() && !ending_ ? "31921" : "";
}

}  // namespace latchkey::sandbox::twilio
