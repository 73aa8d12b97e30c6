// Realtime leg: OpenAI's end of a realtime call as a load run needs it: it hears, and answers at
// once, by the book.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "bench/load/traffic.h"
#include "lib/base/spawn.h"
#include "lib/http/websocket.h"

namespace latchkey::bench {

// A session that takes each end of speech in its audio for a turn and each turn for a question:
// three seconds of tagged audio, in pieces of 100 ms, at twice the speed of speech. Lives on one io
// thread.
class RealtimeLeg {
 public:
  RealtimeLeg(Executor executor, Traffic& traffic, std::unique_ptr<http::Websocket> socket);
  Task<void> Run();

 private:
  Task<void> Listen();
  Task<void> Speak();
  Task<absl::Status> Take(std::string_view message);
  Task<absl::Status> Hear(std::string_view message);
  Task<absl::Status> TakeTurn();
  Task<absl::Status> BeginResponse();
  Task<absl::Status> SendPiece();
  Task<absl::Status> EndResponse(std::string_view status);
  Task<absl::Status> Send(const char* type, std::string rest);

  Executor executor_;
  Traffic& traffic_;
  std::unique_ptr<http::Websocket> socket_;
  std::string audio_;
  uint16_t number_ = 0;
  int64_t heard_frames_ = 0;
  int turns_ = 0;
  uint32_t responses_ = 0;
  int frames_left_ = 0;  // Of the response that is being spoken.
  bool speaking_ = false;
  bool caller_speaks_ = false;
  bool over_ = false;
};

}  // namespace latchkey::bench
