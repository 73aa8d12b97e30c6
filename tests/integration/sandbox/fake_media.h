// FakeMedia: what a carrier calls back: takes status callbacks, and speaks on media streams.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <vector>

#include "lib/http/server.h"
#include "sandbox/speech/hearing.h"
#include "sandbox/speech/recognizer.h"

namespace latchkey::sandbox {

// Lives on the test's io thread.
class FakeMedia final : public http::Handler {
 public:
  struct Callback {
    http::Form form;
    std::string signature;
  };

  // Set before the call.
  std::vector<uint8_t> speech;  // Sent when the stream starts, followed by a mark.
  bool clear_when_spoken_to = false;
  bool close_after_utterance = false;
  std::shared_ptr<Recognizer> ears;  // Listens to the callee.

  // Seen.
  std::vector<Callback> callbacks;
  std::vector<std::string> events;  // Of the stream, without "media".
  std::vector<std::string> marks;
  std::string handshake_signature;
  std::string parameter;  // The custom parameter "token".
  std::vector<std::string> heard;
  int media_frames = 0;

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  Task<void> Follow(http::Websocket& socket);
  Task<bool> OnEvent(const boost::json::value& event, http::Websocket& socket);
  Task<void> Greet(http::Websocket& socket);
  Task<bool> Listen(std::vector<uint8_t> audio, http::Websocket& socket);

  std::string stream_sid_;
  std::unique_ptr<Hearing> hearing_;
};

}  // namespace latchkey::sandbox
