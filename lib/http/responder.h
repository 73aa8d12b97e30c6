// ConnectionResponder: a handler's answers, put onto a server's connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lib/http/buffered_transport.h"
#include "lib/http/server.h"

namespace latchkey::http {

class ConnectionResponder final : public Responder {
 public:
  enum class State { kNothing, kStreaming, kWhole, kUpgraded, kAborted };

  // `connection` is emptied when it becomes a websocket.
  ConnectionResponder(std::optional<BufferedTransport>& connection, const ServerRequest& request,
                      bool keep_alive)
      : connection_(connection), request_(request), keep_alive_(keep_alive) {}

  Task<absl::Status> Send(const Response& response) override;
  Task<absl::Status> Start(int status, const Headers& headers) override;
  Task<absl::Status> Write(std::string_view piece) override;
  Task<absl::Status> Finish() override;
  Task<absl::Status> SendRaw(std::string_view bytes) override;
  Task<void> Disconnected() override;
  Task<absl::StatusOr<std::unique_ptr<Websocket>>> Upgrade(const WebsocketLimits& limits,
                                                           const Headers& headers) override;
  std::unique_ptr<PendingUpgrade> TakeUpgrade() override;
  void Abort() override;

  State state() const { return state_; }
  bool broken() const { return broken_; }

 private:
  Task<absl::Status> Put(std::string_view bytes);

  std::optional<BufferedTransport>& connection_;
  const ServerRequest& request_;
  bool keep_alive_;
  State state_ = State::kNothing;
  bool broken_ = false;
};

}  // namespace latchkey::http
