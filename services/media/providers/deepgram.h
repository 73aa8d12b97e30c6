// DeepgramSpeechToText: streaming STT over a websocket to Deepgram.
#pragma once

#include <string>

#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "lib/secret/secret.h"
#include "services/media/adapters/link.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// Sends 60 ms at a time: three of a carrier's frames, for a third of the messages. Lives on the
// call's io thread; the key outlives it. Join() before it goes.
class DeepgramSpeechToText final : public SpeechToText, private Link::Reader {
 public:
  DeepgramSpeechToText(Executor executor, http::TlsContext tls, const http::Url& base,
                       const AgentSettings& agent, const Secret& key);

  void Start(Listener& listener) override;
  void Hear(Audio audio) override;
  void Finalize() override;
  void Break() override { link_.Break(); }
  void Stop() override;
  Task<void> Join();

 private:
  void OnLinkOpen() override;
  void OnLinkMessage(const http::Message& message) override;
  void OnLinkDown(const absl::Status& why) override;

  void SendHeld();
  Task<WebsocketOr> Connect();
  Task<void> KeepAlive();

  const http::TlsContext tls_;
  const http::Url url_;
  const Secret& key_;
  Link link_;
  Group group_;
  Listener* listener_ = nullptr;
  std::string held_;  // Audio that waits for a message of its own size.
  bool heard_lately_ = false;
  bool failed_ = false;  // It has said so itself.
};

}  // namespace latchkey::media
