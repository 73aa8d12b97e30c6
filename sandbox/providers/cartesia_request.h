// Cartesia's requests: what a client sends on the websocket and by POST, and what is refused.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "sandbox/providers/cartesia_refusal.h"

namespace latchkey::sandbox {

// The versions that the header Cartesia-Version may name.
bool IsCartesiaVersion(std::string_view version);

// One message of a client. With a refusal, only the context counts, which may be unknown ("").
struct GenerationRequest {
  std::string context_id;
  std::string transcript;
  std::string voice_id;
  // Model, voice, format and language as one text: the same in every piece of a context.
  std::string settings;
  bool cancel = false;
  bool more_follows = false;  // `continue`
  bool flush = false;
  bool timestamps = false;
  absl::Duration buffer_delay_max = absl::Seconds(3);  // `max_buffer_delay_ms`
  CartesiaRefusal refusal;
};

// Takes any text.
GenerationRequest ReadGeneration(std::string_view text, std::string_view version);

// What is wrong with a request for speech, on the websocket or by POST.
CartesiaRefusal CheckGeneration(const boost::json::value& request, std::string_view version);

// The voice of a request that is right: a text, or an object with its id.
std::string VoiceOf(const boost::json::value& request);

}  // namespace latchkey::sandbox
