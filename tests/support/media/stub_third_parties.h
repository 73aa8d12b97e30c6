// StubThirdParties: the third parties' wires, as small as a test of an adapter needs them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "lib/http/server.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"

namespace latchkey::media {

// Serves over TLS on loopback, on the test's io context. Whoever connects with a key is let in,
// unless `refuse_status` says otherwise.
class StubThirdParties final : public http::Handler {
 public:
  explicit StubThirdParties(boost::asio::io_context& io);
  ~StubThirdParties() override;

  http::Url url() const;
  const http::TlsContext& client_tls() const { return client_tls_; }

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  int refuse_status = 0;  // Not 0: every request is answered with it.
  std::string refuse_body;
  bool hang = false;           // Anthropic sends its first words and then nothing more.
  size_t heard_bytes = 0;      // What Deepgram was sent, or of OpenAI's audio the base64.
  bool reject_inside = false;  // OpenAI lets everybody in, and then says that the key is wrong.
  std::vector<std::string> realtime_events;  // What OpenAI was sent, but for audio.
  std::string last_body;                     // What Twilio was sent.
  std::string closed;  // The reason of the last websocket's end, as lib/http tells it.

 private:
  Task<void> Listen(http::Responder& responder);                  // Deepgram
  Task<void> Synthesize(http::Responder& responder);              // Cartesia
  Task<void> Converse(http::Responder& responder);                // OpenAI
  Task<void> Reply(http::Responder& responder);                   // Anthropic
  Task<http::Response> Call(const http::ServerRequest& request);  // Twilio

  boost::asio::io_context& io_;
  http::TlsContext client_tls_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace latchkey::media
