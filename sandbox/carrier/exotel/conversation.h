// Conversation: an answered Exotel call: its applets, and its stream.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "sandbox/carrier/exotel/agent_stream.h"
#include "sandbox/carrier/exotel/call.h"
#include "sandbox/carrier/exotel/flow.h"
#include "sandbox/carrier/line.h"
#include "sandbox/carrier/surroundings.h"

namespace latchkey::sandbox::exotel {

// Lives from the answer to the hang-up, on the sandbox's io thread.
class Conversation final : private LineEnd {
 public:
  // All arguments outlive it; `call.phone` is set. A stream that has yet to close lives on in
  // `group`.
  Conversation(const CallSurroundings& surroundings, http::Client& client, ExotelCall& call,
               Group& group);

  // Returns when the call is over, whoever ended it.
  Task<void> Run();

 private:
  bool Over() const override { return performed_; }
  void OnHangUp() override { hung_up_ = true; }
  Task<void> OnTick(const CalleePhone::Answer& answer, std::vector<std::string> marks) override;

  Task<void> Perform();
  Task<void> PerformFlow();
  Task<StreamResult> Stream(std::string address);
  Task<absl::StatusOr<std::unique_ptr<http::Websocket>>> Connect(StreamUrl url);
  StreamFacts Facts(const StreamUrl& url) const;
  // Until the stream's end, of which OnTick tells.
  Task<void> WaitForStream();

  const CallSurroundings& surroundings_;
  http::Client& client_;
  ExotelCall& call_;
  Group& group_;
  const std::shared_ptr<const Scenario> scenario_;  // Kept as it was at the answer.
  PlayoutBuffer playout_;
  std::unique_ptr<AgentStream> stream_;
  boost::asio::steady_timer stream_over_;  // Cancelled when it is.
  bool hung_up_ = false;
  bool performed_ = false;
};

}  // namespace latchkey::sandbox::exotel
