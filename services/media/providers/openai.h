// OpenaiRealtime: one Realtime session over a websocket to OpenAI.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "lib/secret/secret.h"
#include "services/media/adapters/link.h"
#include "services/media/domain/ports.h"
#include "services/media/providers/openai_protocol.h"

namespace latchkey::media {

// mu-law both ways, passed through: 40 ms at a time to OpenAI, in whatever pieces it likes from
// there. A session is ready when OpenAI has repeated its set-up. Lives on the call's io thread; the
// key outlives it. Join() before it goes.
class OpenaiRealtime final : public RealtimeModel, private Link::Reader {
 public:
  OpenaiRealtime(Executor executor, http::TlsContext tls, const http::Url& base,
                 const AgentSettings& agent, const Secret& key);

  void Start(Listener& listener) override;
  void Hear(Audio audio) override;
  void Recall(const std::vector<Said>& messages) override;
  void Respond(std::string_view instructions) override;
  void RespondInWords() override;
  void CancelResponse() override { link_.AddText(kOpenaiCancel); }
  void Truncate(std::string_view item, int64_t heard) override;
  void AnswerTool(std::string_view call, std::string_view output) override;
  void Break() override;
  void Stop() override;
  Task<void> Join();

 private:
  void OnLinkMessage(const http::Message& message) override;
  void OnLinkDown(const absl::Status& why) override;

  Task<WebsocketOr> Connect();
  Task<void> WatchLife();
  void OnCallee(const OpenaiServerEvent& event);
  void OnAgent(const OpenaiServerEvent& event);
  void OnAudio(const OpenaiServerEvent& event);
  void OnError(std::string_view text);
  void BeReady();
  void SendAudio(std::string_view audio);

  const http::TlsContext tls_;
  const http::Url url_;
  const std::string setup_;
  const Secret& key_;
  Link link_;
  Group group_;
  Listener* listener_ = nullptr;
  bool ready_ = false;
  absl::Time expire_time_ = absl::InfiniteFuture();
  absl::Status failure_;  // It has said so itself.
  std::string held_;      // Audio that waits for a message of its own size, or for the session.
  std::vector<uint8_t> decoded_;
  std::string scratch_;
  SystemClock clock_;
  absl::Time heard_from_ = absl::InfiniteFuture();  // Anything at all.
  bool probed_ = false;
};

}  // namespace latchkey::media
