// Cartesia's TTS protocol on a websocket, without the socket (docs.cartesia.ai).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/http/url.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

inline constexpr std::string_view kCartesiaModel = "sonic-3.5";
inline constexpr std::string_view kCartesiaVersion =
    "2026-08-14";  // The voice's shape belongs to it.

http::Url CartesiaUrl(const http::Url& base);

// Composes the requests of one call, whose fields are the same in every one.
class CartesiaComposer {
 public:
  CartesiaComposer(std::string_view call_id, const AgentSettings& agent);

  void Speak(int context, std::string_view piece, bool last, std::string& out) const;
  void Cancel(int context, std::string& out) const;

 private:
  std::string call_id_;
  std::string settings_;  // The members that never change.
};

// One message from Cartesia. Views lie in the message's text.
struct CartesiaMessage {
  enum class Kind { kChunk, kTimestamps, kDone, kError, kOther };

  Kind kind = Kind::kOther;
  int context = 0;         // 0: none of ours.
  std::string_view data;   // Of kChunk: base64.
  std::string_view words;  // Of kTimestamps: raw arrays.
  std::string_view starts;
  std::string_view ends;
  int status = 0;  // Of kError: as an HTTP status.
};

// Takes any bytes; allocates nothing for a chunk.
CartesiaMessage ParseCartesiaMessage(std::string_view text);

}  // namespace latchkey::media
