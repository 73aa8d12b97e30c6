// RawBytes: what a server that breaks the protocol puts on the wire.
#pragma once

#include <string>
#include <string_view>

#include "lib/http/client.h"

namespace latchkey::sandbox {

// Neither HTTP, nor a chunk's length, nor a websocket's frame: reserved bits and opcode.
inline constexpr std::string_view kGarbageBytes = "\xff\x7f\x15\x03 this is no protocol \x01\r\n";
// In the protocol's own framing, but no JSON.
inline constexpr std::string_view kGarbageText = "{\"type\": garbage]]";

// The first half of a streaming answer's chunk, whose length announces the whole.
std::string HalfChunk(std::string_view piece);

// The first half of a websocket's text message, whose header announces the whole. Only a client
// masks (RFC 6455, section 5.1); it does so with zeros, which change nothing.
std::string HalfFrame(std::string_view message, bool masked);

// A whole answer as it stands on the wire.
std::string WholeAnswer(const http::Response& response);

}  // namespace latchkey::sandbox
