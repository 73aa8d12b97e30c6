// Provider legs: STT, LLM and TTS as a load run needs them: they answer at once, by the book.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "bench/load/traffic.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"

namespace latchkey::bench {

// Deepgram's end: a final transcript for every end of speech that its audio shows.
Task<void> ServeStt(std::unique_ptr<http::Websocket> socket, Traffic& traffic);

// Anthropic's end: a stream of two short sentences.
Task<void> ServeLlm(http::Responder& responder);

// Cartesia's end: three seconds of tagged audio for each context, in pieces of 100 ms, at twice the
// speed of speech.
class TtsLeg {
 public:
  TtsLeg(Executor executor, Traffic& traffic, std::unique_ptr<http::Websocket> socket);
  Task<void> Run();

 private:
  struct Context {
    uint32_t reply;
    int frames_left;
    bool complete = false;  // No more text will come.
  };

  Task<void> Listen();
  Task<void> Speak();
  Task<absl::Status> SendPiece(const std::string& name, Context& context);
  void Take(std::string_view message);

  Executor executor_;
  Traffic& traffic_;
  std::unique_ptr<http::Websocket> socket_;
  std::map<std::string, Context> contexts_;
  std::string out_;
  uint16_t number_ = 0;
  uint32_t replies_ = 0;
  bool over_ = false;
};

}  // namespace latchkey::bench
