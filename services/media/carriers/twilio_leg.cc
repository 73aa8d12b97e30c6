#include "services/media/carriers/twilio_leg.h"

#include "lib/base/base64.h"
#include "services/media/carriers/twilio_stream.h"
#include "services/media/domain/json_scan.h"

namespace latchkey::media {
namespace {

constexpr size_t kOutboxMax = 2048;        // Five minutes of speech in pieces of 200 ms.
constexpr size_t kFrameBytesMax = 16'384;  // Twilio sends 160; 2 s is a burst after a gap.

}  // namespace

TwilioLeg::TwilioLeg(Executor executor)
    : executor_(executor), link_(executor, "twilio", kOutboxMax, *this), decoded_(kFrameBytesMax) {}

void TwilioLeg::Open(std::unique_ptr<http::PendingUpgrade> upgrade) {
  if (opened_) return;
  opened_ = true;
  link_.Open(Accept(std::move(upgrade)));
}

Task<WebsocketOr> TwilioLeg::Accept(std::unique_ptr<http::PendingUpgrade> upgrade) {
  http::WebsocketLimits limits;
  limits.message_bytes_max = 64 * 1024;
  const http::Headers headers;
  co_return co_await upgrade->Accept(executor_, limits, headers);
}

void TwilioLeg::Play(Audio audio) {
  Outbox::Entry* entry = link_.Add(Outbox::Kind::kAudio, false);
  if (entry == nullptr) return;
  ComposeTwilioMedia(stream_sid_, audio, entry->data);
  link_.Flush();
}

void TwilioLeg::Mark(int64_t mark) {
  Outbox::Entry* entry = link_.Add(Outbox::Kind::kAudio, false);
  if (entry == nullptr) return;
  ComposeTwilioMark(stream_sid_, mark, entry->data);
  link_.Flush();
}

void TwilioLeg::Clear() {
  link_.DropAudio();
  Outbox::Entry* entry = link_.Add(Outbox::Kind::kText, false);
  if (entry == nullptr) return;
  ComposeTwilioClear(stream_sid_, entry->data);
  link_.Flush();
}

void TwilioLeg::Close() {
  ended_ = true;
  link_.Close();
}

Task<void> TwilioLeg::Join() {
  Close();
  co_await link_.Join();
}

void TwilioLeg::OnLinkMessage(const http::Message& message) {
  using Kind = TwilioMessage::Kind;
  if (!message.text || ended_) return;
  const TwilioMessage parsed = ParseTwilioMessage(message.data, scratch_);
  if (parsed.kind == Kind::kMedia) {
    const std::optional<size_t> size = DecodeBase64(parsed.payload, decoded_);
    if (!size.has_value() || listener_ == nullptr) return;
    constexpr int64_t kSamplesPerMs = kSampleRateHz / 1000;
    listener_->OnAudio(parsed.timestamp_ms * kSamplesPerMs, Audio(decoded_).first(*size));
  } else if (parsed.kind == Kind::kMark) {
    if (parsed.mark > 0 && listener_ != nullptr) listener_->OnMark(parsed.mark);
  } else if (parsed.kind == Kind::kKey) {
    if (listener_ != nullptr) listener_->OnKey(parsed.key);
  } else if (parsed.kind == Kind::kStart) {
    OnStart(parsed.stream_sid);
  } else if (parsed.kind == Kind::kStop) {
    End(true);
  }
}

void TwilioLeg::OnStart(std::string_view stream_sid) {
  if (!stream_sid_.empty() || stream_sid.empty()) return;
  stream_sid_ = stream_sid;
  if (listener_ != nullptr) listener_->OnStreamStart();
}

void TwilioLeg::OnLinkDown(const absl::Status& why) {
  static_cast<void>(why);  // Whatever it was, the call is over (Twilio does not reconnect).
  End(false);
}

void TwilioLeg::End(bool hung_up) {
  if (ended_) return;
  ended_ = true;
  if (listener_ != nullptr) listener_->OnStreamEnd(hung_up);
}

}  // namespace latchkey::media
