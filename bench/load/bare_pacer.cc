#include "bench/load/bare_pacer.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "bench/load/pace.h"
#include "bench/load/tagged_frame.h"

namespace latchkey::bench {
namespace {

constexpr int64_t kSlots = 20;  // Milliseconds of a frame; the streams are spread over them.
constexpr std::chrono::milliseconds kSlot(1);
constexpr int64_t kSettleTicks = 500;  // A thousand handshakes have just been made.

std::string Sid(std::string_view prefix, size_t number) {
  return fmt::format("{}{:032}", prefix, number);
}

std::string MediaMessage(size_t stream, int64_t frame) {
  std::string payload;
  absl::Base64Escape(MakeFrame({}, true), &payload);
  return fmt::format(
      R"({{"event":"media","sequenceNumber":"{}","streamSid":"{}","media":{{"track":"inbound",)"
      R"("chunk":"{}","timestamp":"{}","payload":"{}"}}}})",
      frame + 1, Sid("MZ", stream), frame, frame * 20, payload);
}

std::string StartMessage(size_t stream) {
  return fmt::format(
      R"({{"event":"start","sequenceNumber":"1","streamSid":"{}","start":{{"callSid":"{}"}}}})",
      Sid("MZ", stream), Sid("CA", stream));
}

}  // namespace

BarePacer::BarePacer(Executor executor, http::TlsContext tls, http::Url peer)
    : executor_(executor), tls_(std::move(tls)), peer_(std::move(peer)), readers_(executor) {}

Task<void> BarePacer::Open(int streams) {
  const http::WebsocketLimits limits;
  const http::Headers headers;
  for (int i = 0; i < streams; ++i) {
    absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
        co_await http::ConnectWebsocket(tls_, peer_, headers, std::nullopt, limits);
    if (!socket.ok()) continue;
    const std::string start = StartMessage(sockets_.size());
    const absl::Status sent = co_await (*socket)->WriteText(start);
    if (!sent.ok()) continue;
    sockets_.push_back(*std::move(socket));
    readers_.Spawn("drain", Drain(*sockets_.back()));
  }
}

Task<void> BarePacer::Drain(http::Websocket& socket) {
  while (true) {
    const absl::StatusOr<http::Message> message = co_await socket.Read();
    if (!message.ok()) co_return;
  }
}

// The messages are made before the clock runs: only their numbers would differ, and those cost
// nothing here.
Task<void> BarePacer::Send(absl::Duration duration) {
  const int64_t rounds = duration / absl::Milliseconds(kSlots);
  std::vector<std::string> messages;
  for (size_t i = 0; i < sockets_.size(); ++i) messages.push_back(MediaMessage(i, 1));
  const auto slots = static_cast<size_t>(kSlots);
  Pace pace(executor_, kSlot);
  for (int64_t tick = -kSettleTicks; tick < rounds * kSlots; ++tick) {
    const absl::Duration late = co_await pace.Next();
    const auto began = std::chrono::steady_clock::now();
    for (size_t i = static_cast<size_t>(tick + kSettleTicks) % slots; i < sockets_.size();
         i += slots) {
      const absl::Status sent = co_await sockets_[i]->WriteText(messages[i]);
      if (!sent.ok() || tick < 0) continue;
      const absl::Duration now = late + absl::FromChrono(std::chrono::steady_clock::now() - began);
      lateness_.Add(now);
      lateness_max_ = std::max(lateness_max_, now);
      ++frames_;
    }
  }
}

Task<void> BarePacer::Close() {
  for (const auto& socket : sockets_) socket->Abort();
  co_await readers_.Join();
}

}  // namespace latchkey::bench
