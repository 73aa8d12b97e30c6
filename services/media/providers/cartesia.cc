#include "services/media/providers/cartesia.h"

#include "lib/base/base64.h"
#include "lib/http/websocket.h"
#include "services/media/domain/json_scan.h"
#include "services/media/providers/provider_failure.h"

namespace latchkey::media {
namespace {

constexpr size_t kOutboxMax = 256;  // Sentences; a reply has a dozen.
// Twice this, and a callee who has answered still hears an apology.
constexpr absl::Duration kConnectWait = absl::Seconds(3);

}  // namespace

CartesiaTextToSpeech::CartesiaTextToSpeech(Executor executor, http::TlsContext tls,
                                           const http::Url& base, std::string_view call_id,
                                           const AgentSettings& agent, const Secret& key)
    : tls_(std::move(tls)),
      url_(CartesiaUrl(base)),
      key_(key),
      composer_(call_id, agent),
      link_(executor, "cartesia", kOutboxMax, *this) {}

void CartesiaTextToSpeech::Start(Listener& listener) {
  listener_ = &listener;
  if (link_.standing()) return;
  link_.Reset();
  link_.Open(Connect());
}

Task<WebsocketOr> CartesiaTextToSpeech::Connect() {
  const http::Headers headers = {{"Cartesia-Version", std::string(kCartesiaVersion)}};
  const std::optional<http::SecretHeader> secret = http::SecretHeader::Bearer(key_);
  http::WebsocketLimits limits;
  limits.message_bytes_max = 1 << 20;  // `data` has any length.
  limits.connect = kConnectWait;
  co_return co_await http::ConnectWebsocket(tls_, url_, headers, secret, limits);
}

void CartesiaTextToSpeech::Speak(int context, std::string_view piece, bool last) {
  Outbox::Entry* entry = link_.Add(Outbox::Kind::kText, false);
  if (entry == nullptr) return;
  composer_.Speak(context, piece, last, entry->data);
  link_.Flush();
}

void CartesiaTextToSpeech::Cancel(int context) {
  Outbox::Entry* entry = link_.Add(Outbox::Kind::kText, false);
  if (entry == nullptr) return;
  composer_.Cancel(context, entry->data);
  link_.Flush();
}

void CartesiaTextToSpeech::Stop() { link_.Close(); }

Task<void> CartesiaTextToSpeech::Join() {
  Stop();
  co_await link_.Join();
}

void CartesiaTextToSpeech::OnLinkMessage(const http::Message& message) {
  using Kind = CartesiaMessage::Kind;
  if (!message.text) return;
  const CartesiaMessage parsed = ParseCartesiaMessage(message.data);
  switch (parsed.kind) {
    case Kind::kChunk:
      return OnChunk(parsed);
    case Kind::kTimestamps:
      return OnTimestamps(parsed);
    case Kind::kDone:
      return listener_->OnSpeechDone(parsed.context);
    case Kind::kError:
      return listener_->OnSpeechFailed(parsed.context,
                                       ClassifyFailure(Party::kTextToSpeech, parsed.status, ""));
    case Kind::kOther:
      return;
  }
}

void CartesiaTextToSpeech::OnChunk(const CartesiaMessage& message) {
  const size_t needed = message.data.size() / 4 * 3;
  if (decoded_.size() < needed) decoded_.resize(needed);
  const std::optional<size_t> size = DecodeBase64(message.data, decoded_);
  if (!size.has_value() || *size == 0) return;
  listener_->OnSpeech(message.context, Audio(decoded_).first(*size));
}

void CartesiaTextToSpeech::OnTimestamps(const CartesiaMessage& message) {
  std::string_view words = message.words;
  std::string_view starts = message.starts;
  std::string_view ends = message.ends;
  while (const std::optional<std::string_view> word = NextElement(words)) {
    const std::optional<std::string_view> start = NextElement(starts);
    const std::optional<std::string_view> end = NextElement(ends);
    if (!start.has_value() || !end.has_value()) return;
    const std::optional<std::string_view> text = AnyText(*word, scratch_);
    const std::optional<int64_t> from = SecondsToSamples(*start);
    const std::optional<int64_t> until = SecondsToSamples(*end);
    if (!text.has_value() || !from.has_value() || !until.has_value()) continue;
    listener_->OnWord(message.context,
                      {.text = *text, .start = ToDuration(*from), .end = ToDuration(*until)});
  }
}

void CartesiaTextToSpeech::OnLinkDown(const absl::Status& why) {
  listener_->OnTextToSpeechDown(ProviderFailure(Party::kTextToSpeech, why));
}

}  // namespace latchkey::media
