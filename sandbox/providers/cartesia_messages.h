// Cartesia's messages: what a client is sent on the websocket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/speech/synthesizer.h"

namespace latchkey::sandbox {

// `flush_id` counts the context's flushes; a chunk belongs to the one that comes after it.
std::string ChunkMessage(std::string_view context_id, std::string_view audio, int flush_id);
// Times count from the context's first sample: `offset_samples` is where this speech begins.
std::string TimestampsMessage(std::string_view context_id, const std::vector<SpokenWord>& words,
                              int64_t offset_samples);
std::string FlushDoneMessage(std::string_view context_id, int flush_id);
std::string DoneMessage(std::string_view context_id);

}  // namespace latchkey::sandbox
