// FakeMedia: what a carrier calls back: takes status callbacks, and speaks on media streams.
#pragma once

#include <boost/json/value.hpp>
#include <deque>
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
    std::string path;
    std::string token;  // I-Twilio-Idempotency-Token
  };

  // Set before the call.
  std::vector<uint8_t> speech;  // Sent when the stream starts, followed by a mark.
  bool clear_when_spoken_to = false;
  bool close_after_utterance = false;
  std::shared_ptr<Recognizer> ears;  // Listens to the callee.
  std::deque<int> statuses;          // Of the answers to the first callbacks; then 204.
  std::string twiml;                 // The answer to what is asked at /voice.

  // Seen.
  std::vector<Callback> callbacks;
  std::vector<std::string> events;  // Of the stream, without "media".
  std::vector<std::string> marks;
  std::string handshake_signature;
  std::string parameter;  // The custom parameter "token".
  std::vector<std::string> heard;
  int media_frames = 0;
  std::vector<size_t> chunk_bytes;  // Of the media messages.
  std::vector<Callback> webhooks;   // What was asked at /voice.
  bool stream_ended = false;
  std::string stream_end;  // The reason of Read()'s last error: "closed", "unreachable".

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  http::Response Answer(const http::ServerRequest& request);
  Task<void> Follow(http::Websocket& socket);
  Task<bool> OnEvent(const boost::json::value& event, http::Websocket& socket);
  Task<void> Greet(http::Websocket& socket);
  Task<bool> Listen(std::vector<uint8_t> audio, http::Websocket& socket);

  std::string stream_sid_;
  std::unique_ptr<Hearing> hearing_;
};

}  // namespace latchkey::sandbox
