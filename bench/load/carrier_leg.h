// Carrier leg: Twilio's end of a media stream, with a caller who speaks two seconds in every seven,
// and interrupts every third answer if the run has interruptions.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "bench/load/traffic.h"
#include "lib/base/spawn.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "lib/http/websocket.h"

namespace latchkey::bench {

// Sends a frame every 20 ms, takes what the agent says, and returns each mark when its audio would
// have been played. Lives on one io thread.
class CarrierLeg {
 public:
  CarrierLeg(Executor executor, Traffic& traffic, std::string call_sid)
      : executor_(std::move(executor)),
        traffic_(traffic),
        call_sid_(std::move(call_sid)),
        rules_(traffic.broken) {}

  // Until the other side hangs up, or the run stops.
  Task<void> Run(http::TlsContext tls, http::Url stream_url);

 private:
  struct Mark {
    int64_t at_frame;  // Played when this frame has been.
    std::string name;
  };

  Task<void> Speak();
  Task<void> Listen();
  Task<absl::Status> SendFrame(int64_t number);
  Task<absl::Status> ReturnMarks(int64_t played_frames);
  bool Voiced(int64_t frame) const;
  void Take(std::string_view message);

  Executor executor_;
  Traffic& traffic_;
  std::string call_sid_;
  std::unique_ptr<http::Websocket> socket_;
  std::string out_;
  std::string audio_;
  uint16_t number_ = 0;
  int64_t now_frame_ = 0;
  int64_t buffered_until_ = 0;  // The frame at which everything that was sent to us is played.
  std::deque<Mark> marks_;
  CallRules rules_;
  bool over_ = false;
};

}  // namespace latchkey::bench
