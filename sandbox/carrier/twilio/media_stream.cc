#include "sandbox/carrier/twilio/media_stream.h"

#include "absl/status/statusor.h"
#include "lib/base/error.h"
#include "lib/base/log.h"

namespace latchkey::sandbox::twilio {
namespace {

constexpr uint16_t kNormalClosure = 1000;

}  // namespace

Task<std::string> MediaStream::Follow(PlayoutBuffer& playout) {
  while (true) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) {
      broken_ = true;
      co_return Reason(message.status()) == "closed" ? "" : "31921";
    }
    if (!message->text) co_return "31950";
    absl::StatusOr<StreamCommand> command =
        ParseStreamCommand(message->data, messages_.stream_sid());
    if (!command.ok()) {
      log::Warn("bad media stream message", {{"error", command.status()}});
      continue;  // Twilio warns with 31951 and goes on.
    }
    switch (command->kind) {
      case StreamCommand::Kind::kMedia:
        if (!playout.Play(command->audio)) log::Warn("media stream buffer full");
        break;
      case StreamCommand::Kind::kMark:
        playout.Mark(std::move(command->mark));
        break;
      case StreamCommand::Kind::kClear:
        playout.Clear();
        break;
    }
  }
}

Task<absl::Status> MediaStream::Greet() {
  greeted_ = true;
  const std::string connected = messages_.Connected();
  absl::Status sent = co_await socket_->WriteText(connected);
  if (!sent.ok()) co_return sent;
  const std::string start = messages_.Start(parameters_);
  co_return co_await socket_->WriteText(start);
}

Task<absl::Status> MediaStream::SendTick(const Frame& said, const std::vector<std::string>& marks,
                                         const std::string& pressed) {
  if (broken_) co_return absl::OkStatus();  // Follow() has told already.
  if (!greeted_) {
    absl::Status greeted = co_await Greet();
    if (!greeted.ok()) co_return greeted;
  }
  std::vector<std::string> texts = {messages_.Media(said)};
  for (const std::string& mark : marks) texts.push_back(messages_.Mark(mark));
  if (!pressed.empty()) texts.push_back(messages_.Dtmf(pressed));
  for (const std::string& text : texts) {
    absl::Status sent = co_await socket_->WriteText(text);
    if (!sent.ok()) co_return sent;
  }
  co_return absl::OkStatus();
}

Task<void> MediaStream::Close() {
  if (broken_) co_return;
  const std::string stop = messages_.Stop();
  absl::Status sent = co_await socket_->WriteText(stop);
  if (sent.ok()) co_await socket_->Close(kNormalClosure, "");
}

}  // namespace latchkey::sandbox::twilio
