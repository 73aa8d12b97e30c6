// Answering peer: what a carrier calls in a load run: TwiML, status callbacks, and an agent who
// speaks three seconds in every seven.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/load/call_ledger.h"
#include "lib/http/server.h"

namespace latchkey::bench {

// Has no timers: the carrier's frames are its clock, so it costs as little as an end can. Lives on
// one io thread.
class AnsweringPeer final : public http::Handler {
 public:
  struct Counts {
    int live = 0;  // Streams.
    uint64_t frames_in = 0, frames_out = 0;
    uint64_t marks_in = 0;
    uint64_t gaps = 0;  // Frames whose number was not the one after the last.
  };

  AnsweringPeer();

  // Where it is reached, for its TwiML.
  void set_stream_url(std::string url) { stream_url_ = std::move(url); }
  // Every stream is closed at its next frame.
  void HangUp() { hanging_up_ = true; }

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  const Counts& counts() const { return counts_; }
  CallLedger& ledger() { return ledger_; }

 private:
  struct Stream;

  http::Response Answer(const http::ServerRequest& request);
  Task<void> Follow(http::Websocket& socket);
  // False: the stream is over.
  Task<bool> OnMessage(std::string_view message, Stream& stream, http::Websocket& socket);
  Task<bool> Speak(Stream& stream, http::Websocket& socket);

  std::string stream_url_;
  std::string payload_;  // 200 ms of the agent's voice, in base64.
  Counts counts_;
  CallLedger ledger_;
  bool hanging_up_ = false;
};

}  // namespace latchkey::bench
