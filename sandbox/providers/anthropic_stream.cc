#include "sandbox/providers/anthropic_stream.h"

#include <memory>
#include <optional>

#include "lib/base/log.h"

namespace latchkey::sandbox {
namespace {

std::string Complain(const Fault& fault) { return AnthropicErrorEvent(fault.status, fault.code); }

}  // namespace

Task<void> AnthropicStream::Send(const AnthropicAnswer& answer) {
  const int pings = stage_.scenario()->quirks.anthropic.pings;
  absl::Status sent;
  for (const AnthropicPiece& piece : AnthropicPieces(answer, pings)) {
    if (sent.ok()) sent = co_await SendPiece(piece);
  }
  if (sent.ok()) sent = co_await responder_.Finish();
  if (!sent.ok()) log::Debug("anthropic: stream cut", {{"error", sent}});
}

// The chance for a fault that comes before a piece, if any.
std::optional<Fault::Moment> AnthropicStream::MomentOf(const AnthropicPiece& piece) {
  if (piece.kind == AnthropicPiece::kStart) return Fault::Moment::kFirstByte;
  if (piece.kind == AnthropicPiece::kEnd) return Fault::Moment::kEnd;
  if (tokens_ == 0 || passed_middle_) return std::nullopt;
  passed_middle_ = true;
  return Fault::Moment::kMidStream;
}

Task<absl::Status> AnthropicStream::SendPiece(const AnthropicPiece& piece) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  const bool token = piece.kind == AnthropicPiece::kToken;
  const std::optional<Fault::Moment> moment = MomentOf(piece);
  if (moment.has_value()) {
    const FaultPlayer::Complaint complain = Complain;
    const Played played = co_await faults_.InAnswer(*moment, responder_, piece.bytes, complain);
    if (played == Played::kOver) co_return absl::CancelledError("a fault has ended it");
  } else {
    co_await faults_.Slow();
  }
  if (token && tokens_ > 0) co_await clock_.Sleep(stage_.Draw(scenario->latencies.llm_token));
  if (token) ++tokens_;
  co_return co_await Put(piece.bytes);
}

Task<absl::Status> AnthropicStream::Put(std::string_view bytes) {
  const auto chunk = static_cast<size_t>(stage_.scenario()->quirks.anthropic.chunk_bytes);
  absl::Status sent;
  while (!bytes.empty() && sent.ok()) {
    const std::string_view piece = bytes.substr(0, chunk == 0 ? bytes.size() : chunk);
    sent = co_await responder_.Write(piece);
    bytes.remove_prefix(piece.size());
  }
  co_return sent;
}

}  // namespace latchkey::sandbox
