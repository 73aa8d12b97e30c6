// StreamSocket: the websocket over which a carrier streams a call's audio, carrier's side, with the
// faults of a scenario.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "lib/base/spawn.h"
#include "lib/http/websocket.h"
#include "sandbox/providers/fault_player.h"

namespace latchkey::sandbox {

// What is sent waits in a queue, so that no call's clock ever waits for a socket. Lives on the
// sandbox's io thread; shared by the call and the two coroutines that Run() starts, whichever is
// last.
class StreamSocket : public std::enable_shared_from_this<StreamSocket> {
 public:
  // Twenty seconds of 20 ms messages; the oldest is dropped for a newer one.
  static constexpr size_t kWaitingMax = 1000;

  // Called for each message that comes, until Detach().
  using OnMessage = std::function<void(const http::Message& message)>;

  StreamSocket(const Executor& executor, Clock& clock, std::unique_ptr<http::Websocket> socket,
               FaultPlayer faults, OnMessage on_message);

  // Starts to write and to read, in `group`.
  void Run(Group& group);

  // Sends a text, which is a chance for a fault.
  void Send(Fault::Moment moment, std::string text);
  // Sends the last text `delay` from now, then closes with 1000.
  void End(std::string last, absl::Duration delay);
  // Closes at once with `code`, as a carrier does that was sent nonsense.
  void Refuse(uint16_t code);
  // Drops the connection without a word.
  void Cut();
  // Nobody is interested in what comes any more.
  void Detach() { on_message_ = nullptr; }

  // The connection has ended, whoever ended it.
  bool over() const { return over_; }
  // It broke, or was closed with an error, and not by this side.
  bool broken() const { return broken_; }

 private:
  struct Waiting {
    Fault::Moment moment;
    std::string text;
    absl::Duration delay;
    uint16_t close_code = 0;  // After the text, which may be empty: the end.
  };

  Task<void> Write(std::shared_ptr<StreamSocket> self);
  Task<void> Read(std::shared_ptr<StreamSocket> self);
  Task<bool> WriteOne(Waiting waiting);
  Task<void> WaitForText();
  void Add(Waiting waiting);

  Clock& clock_;
  const std::unique_ptr<http::Websocket> socket_;
  FaultPlayer faults_;
  OnMessage on_message_;
  std::deque<Waiting> waiting_;
  boost::asio::steady_timer bell_;  // Cancelled when there is something to write.
  bool ours_ = false;               // This side has ended it.
  bool over_ = false;
  bool broken_ = false;
};

}  // namespace latchkey::sandbox
