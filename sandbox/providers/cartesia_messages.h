// Cartesia's messages: what a client sends on the websocket, and what it is sent.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/speech/synthesizer.h"

namespace latchkey::sandbox {

// How the API refuses a request. `status` 0: it does not.
struct Refusal {
  Refusal() = default;
  Refusal(int its_status, std::string its_code, std::string its_message)
      : status(its_status), code(std::move(its_code)), message(std::move(its_message)) {}

  int status = 0;
  std::string code;  // "model_not_found"; "" stands for null.
  std::string message;
};

// One message of a client. With a refusal, only the context counts, which may be unknown ("").
struct GenerationRequest {
  std::string context_id;
  std::string transcript;
  bool cancel = false;
  bool more_follows = false;  // `continue`
  bool flush = false;
  bool timestamps = false;
  Refusal refusal;
};

// Takes any text.
GenerationRequest ReadGeneration(std::string_view text);

// What is wrong with a request for speech, on the websocket or by POST.
Refusal CheckGeneration(const boost::json::value& request);

std::string ChunkMessage(std::string_view context_id, std::string_view audio);
// Times count from the context's first sample: `offset_samples` is where this speech begins.
std::string TimestampsMessage(std::string_view context_id, const std::vector<SpokenWord>& words,
                              int64_t offset_samples);
std::string FlushDoneMessage(std::string_view context_id, int flush_id);
std::string DoneMessage(std::string_view context_id);
// Without a context ("") it concerns the whole message.
std::string ErrorMessage(std::string_view context_id, const Refusal& refusal);
// The body of a refused HTTP request.
std::string ErrorBody(const Refusal& refusal);

}  // namespace latchkey::sandbox
