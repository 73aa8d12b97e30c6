// FakeBot: what Exotel calls back: takes callbacks and applets' questions, and speaks on a stream.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "lib/http/server.h"

namespace latchkey::sandbox {

// Lives on the test's io thread.
class FakeBot final : public http::Handler {
 public:
  struct Asked {
    std::string method, path, content_type, body;
    http::Form query;
  };

  // Set before the call.
  std::vector<uint8_t> pcm;    // Sent when the stream starts, followed by a mark.
  size_t chunk_bytes = 3200;   // Of what is sent.
  bool clear_at_once = false;  // After the mark.
  int close_after_frames = 0;  // Closes after so many media messages; 0 is never.
  std::string stream_url;      // The answer to what is asked at /url.
  int passthru_status = 200;   // Of /before.

  // Seen.
  std::vector<Asked> asked;                  // All but streams, in order.
  std::vector<boost::json::value> messages;  // Of the stream, without media.
  std::vector<boost::json::value> media;
  std::string authorization;
  bool stream_ended = false;
  std::string close_code;

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  http::Response Answer(const http::ServerRequest& request);
  Task<void> Follow(http::Websocket& socket);
  Task<void> Speak(http::Websocket& socket);
};

}  // namespace latchkey::sandbox
