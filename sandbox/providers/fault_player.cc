#include "sandbox/providers/fault_player.h"

#include <optional>
#include <utility>

#include "lib/base/log.h"
#include "sandbox/providers/raw_bytes.h"

namespace latchkey::sandbox {
namespace {

using Kind = Fault::Kind;
using Moment = Fault::Moment;

constexpr std::string_view kMoments[] = {"connect", "first_byte", "mid_stream", "end"};
constexpr std::string_view kKinds[] = {"status",     "drop",    "hang", "slow",
                                       "half_frame", "garbage", "close"};

// Carriers come to media: they are websocket clients.
bool Masks(Provider provider) {
  return provider == Provider::kTwilio || provider == Provider::kExotel;
}

// How many bytes of a whole answer come before what a fault at `moment` spoils.
size_t SentBefore(Moment moment, size_t answer_bytes, size_t body_bytes) {
  if (moment == Moment::kFirstByte) return 0;
  if (moment == Moment::kMidStream) return answer_bytes - (body_bytes + 1) / 2;
  return answer_bytes - 1;
}

}  // namespace

FaultPlayer::FaultPlayer(Stage& stage, Clock& clock, Provider provider, std::string who)
    : stage_(stage), clock_(clock), provider_(provider), who_(std::move(who)) {}

std::optional<Fault> FaultPlayer::Next(Moment moment) {
  std::optional<Fault> fault = stage_.NextFault(provider_, moment, who_);
  if (fault.has_value()) {
    log::Info("fault played", {{"provider", Name(provider_)},
                               {"moment", kMoments[static_cast<size_t>(moment)]},
                               {"kind", kKinds[static_cast<size_t>(fault->kind)]}});
  }
  return fault;
}

std::optional<Fault> FaultPlayer::Next(const std::vector<Moment>& moments) {
  for (const Moment moment : moments) {
    std::optional<Fault> fault = Next(moment);
    if (!fault.has_value()) continue;
    if (fault->kind != Kind::kSlow) return fault;
    delay_ = fault->delay;
  }
  return std::nullopt;
}

Task<void> FaultPlayer::Slow() {
  if (delay_ > absl::ZeroDuration()) co_await clock_.Sleep(delay_);
}

Task<Played> FaultPlayer::AtConnect(http::Responder& responder, const Refusal& refuse) {
  const std::optional<Fault> fault = Next(Moment::kConnect);
  if (!fault.has_value()) co_return Played::kNothing;
  if (fault->kind == Kind::kSlow) {
    co_await clock_.Sleep(fault->delay);
    co_return Played::kNothing;
  }
  if (fault->kind == Kind::kStatus) {
    const http::Response refusal = refuse(*fault);
    const absl::Status sent = co_await responder.Send(refusal);
    sent.IgnoreError();  // Who is gone needs no refusal.
  } else if (fault->kind == Kind::kClose) {
    co_await CloseAtOnce(responder, *fault);
  } else if (fault->kind == Kind::kHalfFrame) {
    const absl::Status sent = co_await responder.SendRaw("HTTP/1.1 200 OK\r\nContent-Ty");
    sent.IgnoreError();
    responder.Abort();
  } else {
    co_await Break(*fault, responder, "");
  }
  co_return Played::kOver;
}

Task<Played> FaultPlayer::Admit(http::Responder& responder, const Refusal& refuse, KnownKey key) {
  const Played played = co_await AtConnect(responder, refuse);
  if (played == Played::kOver || key.status == 200) co_return played;
  Fault fault;
  fault.provider = provider_;
  fault.status = key.status;
  fault.code = std::move(key.code);
  const http::Response refusal = refuse(fault);
  const absl::Status sent = co_await responder.Send(refusal);
  sent.IgnoreError();
  co_return Played::kOver;
}

Task<void> FaultPlayer::CloseAtOnce(http::Responder& responder, const Fault& fault) {
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) {
    responder.Abort();  // No websocket was asked for.
    co_return;
  }
  co_await (*socket)->Close(static_cast<uint16_t>(fault.close_code), fault.reason);
}

Task<void> FaultPlayer::Send(http::Responder& responder, const http::Response& response,
                             const Refusal& refuse) {
  for (const Moment moment : {Moment::kFirstByte, Moment::kMidStream, Moment::kEnd}) {
    const std::optional<Fault> fault = Next(moment);
    if (!fault.has_value()) continue;
    if (fault->kind == Kind::kSlow) {
      co_await clock_.Sleep(fault->delay);
      continue;
    }
    absl::Status sent;
    if (fault->kind == Kind::kStatus && moment == Moment::kFirstByte) {
      const http::Response refusal = refuse(*fault);
      sent = co_await responder.Send(refusal);
      sent.IgnoreError();
      co_return;
    }
    const std::string answer = WholeAnswer(response);
    const size_t before = SentBefore(moment, answer.size(), response.body.size());
    if (before > 0) sent = co_await responder.SendRaw(std::string_view(answer).substr(0, before));
    if (sent.ok() && fault->kind == Kind::kHalfFrame) {
      const std::string_view rest = std::string_view(answer).substr(before);
      sent = co_await responder.SendRaw(rest.substr(0, rest.size() / 2));
    }
    sent.IgnoreError();
    Fault broken = *fault;
    if (broken.kind == Kind::kHalfFrame) broken.kind = Kind::kDrop;
    co_await Break(broken, responder, "");
    co_return;
  }
  const absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();
}

// What is neither an answer nor slow.
Task<void> FaultPlayer::Break(const Fault& fault, http::Responder& responder,
                              std::string_view piece) {
  absl::Status sent;
  if (fault.kind == Kind::kHang) co_await responder.Disconnected();
  if (fault.kind == Kind::kHalfFrame) {
    const std::string half = HalfChunk(piece);
    sent = co_await responder.SendRaw(half);
  }
  if (fault.kind == Kind::kGarbage) sent = co_await responder.SendRaw(kGarbageBytes);
  sent.IgnoreError();
  responder.Abort();
}

Task<Played> FaultPlayer::InAnswer(Moment moment, http::Responder& responder,
                                   std::string_view piece, const Complaint& complain) {
  const std::vector<Moment> one = {moment};
  const std::optional<Fault> fault = Next(one);
  if (!fault.has_value()) {
    co_await Slow();
    co_return Played::kNothing;
  }
  const std::string complaint = fault->kind == Kind::kStatus ? complain(*fault) : std::string();
  if (complaint.empty()) {
    co_await Break(*fault, responder, piece);
    co_return Played::kOver;
  }
  absl::Status sent = co_await responder.Write(complaint);
  if (sent.ok()) sent = co_await responder.Finish();
  sent.IgnoreError();
  co_return Played::kOver;
}

// A message that is no message first, so that the client's parser gets its share.
Task<void> FaultPlayer::Break(const Fault& fault, http::Websocket& socket,
                              std::string_view message) {
  absl::Status sent;
  if (fault.kind == Kind::kHang) co_await socket.Disconnected();
  if (fault.kind == Kind::kHalfFrame) {
    const std::string half = HalfFrame(message, Masks(provider_));
    sent = co_await socket.WriteRaw(half);
  }
  if (fault.kind == Kind::kGarbage) {
    sent = co_await socket.WriteText(kGarbageText);
    if (sent.ok()) sent = co_await socket.WriteRaw(kGarbageBytes);
  }
  if (fault.kind == Kind::kClose) {
    co_await socket.Close(static_cast<uint16_t>(fault.close_code), fault.reason);
  }
  sent.IgnoreError();
  socket.Abort();
}

Task<Played> FaultPlayer::OnSocket(Moment moment, http::Websocket& socket, std::string_view message,
                                   const Complaint& complain) {
  const std::vector<Moment> one = {moment};
  co_return co_await OnSocket(one, socket, message, complain);
}

Task<Played> FaultPlayer::OnSocket(const std::vector<Moment>& moments, http::Websocket& socket,
                                   std::string_view message, const Complaint& complain) {
  const std::optional<Fault> fault = Next(moments);
  if (!fault.has_value()) {
    co_await Slow();
    co_return Played::kNothing;
  }
  const std::string complaint = fault->kind == Kind::kStatus ? complain(*fault) : std::string();
  if (complaint.empty()) {
    co_await Break(*fault, socket, message);
    co_return Played::kOver;
  }
  const absl::Status sent = co_await socket.WriteText(complaint);
  sent.IgnoreError();
  co_return Played::kOver;
}

}  // namespace latchkey::sandbox
