#include "services/media/providers/deepgram.h"

#include <algorithm>
#include <utility>

#include "lib/base/clock.h"
#include "lib/http/websocket.h"
#include "services/media/domain/mulaw.h"
#include "services/media/providers/deepgram_protocol.h"
#include "services/media/providers/provider_failure.h"

namespace latchkey::media {
namespace {

constexpr size_t kMessageBytes = 480;  // 60 ms.
constexpr size_t kOutboxMax = 256;     // 15 s of audio, while the connection is made.
// Twice this, and the callee's first sentence is still heard: audio is kept for 10 s.
constexpr absl::Duration kConnectWait = absl::Seconds(3);
// v1 closes after 10 s without audio or text; 3 to 5 s are advised (Deepgram, audio-keep-alive).
constexpr absl::Duration kKeepAlive = absl::Seconds(4);
// A socket that never had audio is closed in spite of KeepAlive (deepgram-dotnet-sdk#131): 100 ms.
constexpr size_t kFirstSilenceBytes = 800;

}  // namespace

DeepgramSpeechToText::DeepgramSpeechToText(Executor executor, http::TlsContext tls,
                                           const http::Url& base, const AgentSettings& agent,
                                           const Secret& key)
    : tls_(std::move(tls)),
      url_(DeepgramUrl(base, agent)),
      key_(key),
      link_(executor, "deepgram", kOutboxMax, *this),
      group_(executor) {
  held_.reserve(kMessageBytes);
}

void DeepgramSpeechToText::Start(Listener& listener) {
  const bool first = listener_ == nullptr;
  listener_ = &listener;
  if (link_.standing()) return;
  link_.Reset();
  held_.clear();
  link_.Open(Connect());
  if (first) group_.Spawn("deepgram keep-alive", KeepAlive());
}

Task<WebsocketOr> DeepgramSpeechToText::Connect() {
  const http::Headers headers;
  const std::optional<http::SecretHeader> secret = http::SecretHeader::Token(key_);
  http::WebsocketLimits limits;
  limits.connect = kConnectWait;
  co_return co_await http::ConnectWebsocket(tls_, url_, headers, secret, limits);
}

Task<void> DeepgramSpeechToText::KeepAlive() {
  SystemClock clock;
  while (true) {
    co_await clock.Sleep(kKeepAlive);
    if (link_.standing() && !heard_lately_) link_.AddText(kDeepgramKeepAlive);
    heard_lately_ = false;
  }
}

void DeepgramSpeechToText::OnLinkOpen() {
  Outbox::Entry* entry = link_.Add(Outbox::Kind::kAudio, true);
  if (entry == nullptr) return;
  entry->data.assign(kFirstSilenceBytes, static_cast<char>(kSilence));
  link_.Flush();
}

void DeepgramSpeechToText::Hear(Audio audio) {
  heard_lately_ = true;
  while (!audio.empty()) {
    const size_t size = std::min(audio.size(), kMessageBytes - held_.size());
    held_.append(reinterpret_cast<const char*>(audio.data()), size);
    audio = audio.subspan(size);
    if (held_.size() == kMessageBytes) SendHeld();
  }
}

void DeepgramSpeechToText::SendHeld() {
  // A message of no bytes would end the stream.
  if (held_.empty()) return;
  if (Outbox::Entry* entry = link_.Add(Outbox::Kind::kAudio, true)) entry->data.assign(held_);
  held_.clear();
  link_.Flush();
}

void DeepgramSpeechToText::Finalize() {
  SendHeld();
  link_.AddText(kDeepgramFinalize);
}

void DeepgramSpeechToText::Stop() {
  group_.Cancel();
  link_.Close(kDeepgramCloseStream);
}

Task<void> DeepgramSpeechToText::Join() {
  Stop();
  co_await group_.Join();
  co_await link_.Join();
}

void DeepgramSpeechToText::OnLinkMessage(const http::Message& message) {
  using Kind = DeepgramMessage::Kind;
  if (!message.text) return;
  const DeepgramMessage parsed = ParseDeepgramMessage(message.data);
  if (parsed.kind == Kind::kTranscript) {
    listener_->OnTranscript(parsed.text, parsed.final, parsed.ended);
  } else if (parsed.kind == Kind::kUtteranceEnd) {
    listener_->OnUtteranceEnd();
  } else if (parsed.kind == Kind::kError) {
    // A close should follow; it is not waited for.
    failed_ = true;
    link_.Break();
  }
}

void DeepgramSpeechToText::OnLinkDown(const absl::Status& why) {
  const bool failed = std::exchange(failed_, false);
  listener_->OnSpeechToTextDown(failed ? ClassifyFailure(Party::kSpeechToText, 500, "")
                                       : ProviderFailure(Party::kSpeechToText, why));
}

}  // namespace latchkey::media
