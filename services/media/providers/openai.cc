#include "services/media/providers/openai.h"

#include <algorithm>
#include <utility>

#include "lib/base/base64.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/http/websocket.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/json_scan.h"
#include "services/media/providers/provider_failure.h"

namespace latchkey::media {
namespace {

using Kind = OpenaiServerEvent::Kind;

constexpr size_t kMessageBytes = 320;  // 40 ms; 20 to 100 are advised.
// What is kept until the session is ready: a long sentence, and the wait for the connection.
constexpr size_t kHeldMax = 10 * kSampleRateHz;
constexpr size_t kOutboxMax = 1024;
constexpr absl::Duration kConnectWait = absl::Seconds(4);
// A response's whole text comes in one event, beside its audio.
constexpr size_t kEventBytesMax = 1024 * 1024;
// So much base64 is decoded at a time: a multiple of four characters.
constexpr size_t kBase64Piece = 32 * 1024;
// A quiet session sends nothing: it is asked for a sign of life, and given up without one.
constexpr absl::Duration kLook = absl::Seconds(1);
constexpr absl::Duration kProbeAfter = absl::Seconds(4);
constexpr absl::Duration kDeadAfter = absl::Seconds(8);

std::string Meta(const absl::Status& why, const char* name) {
  const ErrorMetadata metadata = Metadata(why);
  const auto found = metadata.find(name);
  return found == metadata.end() ? "" : found->second;
}

}  // namespace

OpenaiRealtime::OpenaiRealtime(Executor executor, http::TlsContext tls, const http::Url& base,
                               const AgentSettings& agent, const Secret& key)
    : tls_(std::move(tls)),
      url_(OpenaiRealtimeUrl(base, agent)),
      setup_(ComposeOpenaiSetup(agent)),
      key_(key),
      link_(executor, "openai", kOutboxMax, *this),
      group_(executor),
      decoded_(kBase64Piece / 4 * 3) {
  held_.reserve(kHeldMax);
}

void OpenaiRealtime::Start(Listener& listener) {
  const bool first = listener_ == nullptr;
  listener_ = &listener;
  if (link_.standing()) return;
  link_.Reset();
  held_.clear();
  ready_ = false;
  failure_ = absl::OkStatus();
  heard_from_ = absl::InfiniteFuture();
  link_.Open(Connect());
  if (first) group_.Spawn("openai watch", WatchLife());
}

Task<WebsocketOr> OpenaiRealtime::Connect() {
  const http::Headers headers;
  const std::optional<http::SecretHeader> secret = http::SecretHeader::Bearer(key_);
  http::WebsocketLimits limits;
  limits.connect = kConnectWait;
  limits.message_bytes_max = kEventBytesMax;
  co_return co_await http::ConnectWebsocket(tls_, url_, headers, secret, limits);
}

Task<void> OpenaiRealtime::WatchLife() {
  while (true) {
    co_await clock_.Sleep(kLook);
    const absl::Duration quiet = clock_.Now() - heard_from_;
    if (!link_.standing() || !ready_ || quiet < kProbeAfter) continue;
    if (!probed_) link_.AddText(kOpenaiProbe);
    probed_ = true;
    if (quiet < kDeadAfter) continue;
    failure_ = ClassifyFailure(Party::kRealtimeModel, 504, "");
    link_.Break();
  }
}

void OpenaiRealtime::Hear(Audio audio) {
  while (!audio.empty()) {
    const size_t most = ready_ ? kMessageBytes : kHeldMax;
    if (held_.size() >= most) held_.erase(0, kMessageBytes);  // The oldest, while it is connecting.
    const size_t size = std::min(audio.size(), most - held_.size());
    held_.append(reinterpret_cast<const char*>(audio.data()), size);
    audio = audio.subspan(size);
    if (!ready_ || held_.size() < kMessageBytes) continue;
    SendAudio(held_);
    held_.clear();
  }
}

void OpenaiRealtime::SendAudio(std::string_view audio) {
  Outbox::Entry* entry = link_.Add(Outbox::Kind::kAudio, false);
  if (entry == nullptr) return;
  ComposeOpenaiAudio(audio, entry->data);
  link_.Flush();
}

void OpenaiRealtime::Recall(const std::vector<Said>& messages) {
  for (const Said& said : messages) link_.AddText(ComposeOpenaiMessage(said));
}

void OpenaiRealtime::Respond(std::string_view instructions) {
  link_.AddText(ComposeOpenaiRespond(instructions));
}

void OpenaiRealtime::RespondInWords() { link_.AddText(std::string(kOpenaiRespondInWords)); }

void OpenaiRealtime::Truncate(std::string_view item, int64_t heard) {
  link_.AddText(ComposeOpenaiTruncate(item, heard));
}

void OpenaiRealtime::AnswerTool(std::string_view call, std::string_view output) {
  link_.AddText(ComposeOpenaiToolOutput(call, output));
}

void OpenaiRealtime::Break() { link_.Break(); }

void OpenaiRealtime::Stop() {
  group_.Cancel();
  link_.Close();
}

Task<void> OpenaiRealtime::Join() {
  Stop();
  co_await group_.Join();
  co_await link_.Join();
}

void OpenaiRealtime::OnLinkMessage(const http::Message& message) {
  if (!message.text) return;
  heard_from_ = clock_.Now();
  probed_ = false;
  const OpenaiServerEvent event = ParseOpenaiEvent(message.data);
  switch (event.kind) {
    case Kind::kAudio:
      return OnAudio(event);
    case Kind::kSessionCreated:
      expire_time_ =
          event.expire_time > 0 ? absl::FromUnixSeconds(event.expire_time) : absl::InfiniteFuture();
      return link_.AddText(setup_);
    case Kind::kSessionUpdated:
      return BeReady();
    case Kind::kError:
      return OnError(message.data);
    case Kind::kSpeechStarted:
    case Kind::kSpeechStopped:
    case Kind::kItemCommitted:
    case Kind::kTranscribed:
    case Kind::kNotTranscribed:
      return OnCallee(event);
    default:
      return OnAgent(event);
  }
}

void OpenaiRealtime::BeReady() {
  if (std::exchange(ready_, true)) return;  // A probe's answer.
  listener_->OnSessionReady(expire_time_);
  std::string waiting;
  waiting.reserve(kHeldMax);
  waiting.swap(held_);
  const auto* const data = reinterpret_cast<const uint8_t*>(waiting.data());
  Hear(Audio(data, waiting.size()));
}

void OpenaiRealtime::OnCallee(const OpenaiServerEvent& event) {
  constexpr int64_t kSamplesPerMs = kSampleRateHz / 1000;
  if (event.kind == Kind::kSpeechStarted) {
    listener_->OnCalleeStarted(event.ms * kSamplesPerMs);
  } else if (event.kind == Kind::kSpeechStopped) {
    listener_->OnCalleeStopped(event.ms * kSamplesPerMs);
  } else if (event.kind == Kind::kItemCommitted) {
    listener_->OnCalleeItem(event.item);
  } else {
    listener_->OnCalleeWords(event.item, AnyText(event.body, scratch_).value_or(""));
  }
}

void OpenaiRealtime::OnAgent(const OpenaiServerEvent& event) {
  if (event.kind == Kind::kResponseCreated) {
    listener_->OnResponse(event.response);
  } else if (event.kind == Kind::kWords) {
    listener_->OnAgentWords(event.response, AnyText(event.body, scratch_).value_or(""));
  } else if (event.kind == Kind::kAudioDone) {
    listener_->OnAgentItemDone(event.response, event.item);
  } else if (event.kind == Kind::kToolCall) {
    listener_->OnToolUse(event.response,
                         {.id = std::string(event.call),
                          .name = std::string(event.name),
                          .arguments = std::string(AnyText(event.body, scratch_).value_or(""))});
  } else if (event.kind == Kind::kResponseDone) {
    listener_->OnResponseDone(event.response, ParseOpenaiEnd(event.body));
  }
}

void OpenaiRealtime::OnAudio(const OpenaiServerEvent& event) {
  std::string_view rest = AnyText(event.body, scratch_).value_or("");
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, kBase64Piece);
    rest.remove_prefix(piece.size());
    const std::optional<size_t> size = DecodeBase64(piece, decoded_);
    if (!size.has_value()) return;
    listener_->OnAgentAudio(event.response, event.item, Audio(decoded_).first(*size));
  }
}

void OpenaiRealtime::OnError(std::string_view text) {
  const OpenaiErrorDetail error = ParseOpenaiError(text);
  if (!EndsOpenaiSession(error)) {
    // A cancel or a truncation that came too late, most of all. Never the message: it may repeat
    // what somebody said.
    log::Warn("openai complains", {{"code", error.code}, {"event", error.cause}});
    return;
  }
  // A close should follow; it is not waited for.
  failure_ = OpenaiFailure(error);
  link_.Break();
}

void OpenaiRealtime::OnLinkDown(const absl::Status& why) {
  ready_ = false;
  absl::Status told = std::exchange(failure_, absl::OkStatus());
  // A refused upgrade has a REST error for its body, a close its reason.
  for (const OpenaiErrorDetail& error :
       {ParseOpenaiError(Meta(why, "http_body")), ParseOpenaiClose(Meta(why, "close_reason"))}) {
    if (told.ok() && !error.code.empty()) told = OpenaiFailure(error);
  }
  if (told.ok()) told = ProviderFailure(Party::kRealtimeModel, why);
  listener_->OnRealtimeDown(told);
}

}  // namespace latchkey::media
