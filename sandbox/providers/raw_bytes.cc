#include "sandbox/providers/raw_bytes.h"

#include <fmt/format.h>

#include <cstdint>

namespace latchkey::sandbox {

std::string HalfChunk(std::string_view piece) {
  return fmt::format("{:x}\r\n{}", piece.size(), piece.substr(0, piece.size() / 2));
}

std::string HalfFrame(std::string_view message, bool masked) {
  constexpr int kFinalText = 0x81, kMasked = 0x80, kTwoBytes = 126, kEightBytes = 127;
  const uint64_t size = message.size();
  const int length_bytes = size < kTwoBytes ? 0 : size <= 0xFFFF ? 2 : 8;
  const int marker = length_bytes == 0   ? static_cast<int>(size)
                     : length_bytes == 2 ? kTwoBytes
                                         : kEightBytes;
  std::string frame;
  frame += static_cast<char>(kFinalText);
  frame += static_cast<char>(marker | (masked ? kMasked : 0));
  for (int byte = length_bytes - 1; byte >= 0; --byte) {
    frame += static_cast<char>(size >> (8 * byte) & 0xFF);
  }
  if (masked) frame.append(4, '\0');
  frame += message.substr(0, message.size() / 2);
  return frame;
}

std::string WholeAnswer(const http::Response& response) {
  std::string answer = fmt::format("HTTP/1.1 {} Answer\r\n", response.status);
  for (const http::Headers::Field& field : response.headers) {
    answer += fmt::format("{}: {}\r\n", field.first, field.second);
  }
  return answer + fmt::format("Content-Length: {}\r\n\r\n{}", response.body.size(), response.body);
}

}  // namespace latchkey::sandbox
