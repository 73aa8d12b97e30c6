// FaultPlayer: does a scenario's faults to one request or connection of a provider's.
//
//   const FaultPlayer::Refusal refuse = [](const Fault& fault) { return RefusalFor(fault); };
//   FaultPlayer player(stage, clock, Provider::kCartesia, key);
//   Played played = co_await player.Admit(responder, refuse, stage.Judge(provider, key));
//   if (played == Played::kOver) co_return;
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "lib/http/server.h"
#include "lib/http/websocket.h"
#include "sandbox/scenario/stage.h"

namespace latchkey::sandbox {

// What is left to do after a chance for a fault.
enum class Played {
  kNothing,  // Go on: send the piece. A slow one has been waited for.
  kOver,     // The answer or connection has ended; send nothing more.
};

// One per request or connection; a session that came of a request may go on with the request's.
// Lives on the sandbox's io thread; the stage and the clock outlive it. A hang ends when the client
// goes away, or when the coroutine is cancelled, as a server that stops does.
class FaultPlayer {
 public:
  // `who` is the key of the request, or the number of the call.
  FaultPlayer(Stage& stage, Clock& clock, Provider provider, std::string who);

  // Words a status as the provider does, Retry-After included.
  using Refusal = std::function<http::Response(const Fault& fault)>;

  // At kConnect, before anything else of a request: answers it, or its handshake, with the fault.
  // A slow one makes the answer's head late, and nothing after it. A websocket that closes is
  // opened first.
  Task<Played> AtConnect(http::Responder& responder, const Refusal& refuse);

  // AtConnect, and then a refusal with the key's own status and code if that is not 200.
  Task<Played> Admit(http::Responder& responder, const Refusal& refuse, KnownKey key);

  // Sends a whole answer, which a fault may spoil: at kFirstByte all of it, at kMidStream the
  // second half of its body, at kEnd its last byte. A status is possible at kFirstByte only; later
  // it is a drop.
  Task<void> Send(http::Responder& responder, const http::Response& response,
                  const Refusal& refuse);

  // The words with which the provider tells of an error in the middle: bytes of a streaming answer
  // that began with 200, or a websocket's text message. Empty when it has none: then the connection
  // is cut instead.
  using Complaint = std::function<std::string(const Fault& fault)>;

  // Before `piece` of a streaming answer, whose Start() has been awaited, is written at kFirstByte,
  // kMidStream or kEnd. A complaint ends the answer.
  Task<Played> InAnswer(Fault::Moment moment, http::Responder& responder, std::string_view piece,
                        const Complaint& complain);

  // Before a text message of a websocket is written; somebody else keeps a Read pending. After a
  // complaint the websocket is still open: the caller closes it if the provider would.
  Task<Played> OnSocket(Fault::Moment moment, http::Websocket& socket, std::string_view message,
                        const Complaint& complain);

  // The same for a message that is several of them at once.
  Task<Played> OnSocket(const std::vector<Fault::Moment>& moments, http::Websocket& socket,
                        std::string_view message, const Complaint& complain);

  // Waits as long as each piece of a slow answer is late; for pieces between those moments.
  Task<void> Slow();

 private:
  std::optional<Fault> Next(Fault::Moment moment);
  // The first that is not slow; a slow one is noted.
  std::optional<Fault> Next(const std::vector<Fault::Moment>& moments);
  Task<void> CloseAtOnce(http::Responder& responder, const Fault& fault);
  Task<void> Break(const Fault& fault, http::Responder& responder, std::string_view piece);
  Task<void> Break(const Fault& fault, http::Websocket& socket, std::string_view message);

  Stage& stage_;
  Clock& clock_;
  const Provider provider_;
  const std::string who_;
  absl::Duration delay_;  // Of every piece, once a slow fault has begun.
};

}  // namespace latchkey::sandbox
