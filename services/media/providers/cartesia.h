// CartesiaTextToSpeech: streaming TTS over a websocket to Cartesia.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "lib/secret/secret.h"
#include "services/media/adapters/link.h"
#include "services/media/domain/ports.h"
#include "services/media/providers/cartesia_protocol.h"

namespace latchkey::media {

// One socket for a call, one of its contexts for an utterance. Lives on the call's io thread; the
// key outlives it. Join() before it goes.
class CartesiaTextToSpeech final : public TextToSpeech, private Link::Reader {
 public:
  CartesiaTextToSpeech(Executor executor, http::TlsContext tls, const http::Url& base,
                       std::string_view call_id, const AgentSettings& agent, const Secret& key);

  void Start(Listener& listener) override;
  void Speak(int context, std::string_view piece, bool last) override;
  void Cancel(int context) override;
  void Break() override { link_.Break(); }
  void Stop() override;
  Task<void> Join();

 private:
  void OnLinkMessage(const http::Message& message) override;
  void OnLinkDown(const absl::Status& why) override;

  void OnChunk(const CartesiaMessage& message);
  void OnTimestamps(const CartesiaMessage& message);
  Task<WebsocketOr> Connect();

  const http::TlsContext tls_;
  const http::Url url_;
  const Secret& key_;
  const CartesiaComposer composer_;
  Link link_;
  Listener* listener_ = nullptr;
  std::vector<uint8_t> decoded_;  // Grows to the largest chunk and stays so.
  std::string scratch_;
};

}  // namespace latchkey::media
