#include "sandbox/callee/wav.h"

namespace latchkey::sandbox {
namespace {

void Append(std::string& bytes, uint32_t number, int width) {
  for (int i = 0; i < width; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
}

}  // namespace

std::string StereoMulawWavHead(uint32_t size) {
  std::string wav = "RIFF";
  Append(wav, 50 + size, 4);
  wav += "WAVEfmt ";
  Append(wav, 18, 4);
  Append(wav, 7, 2);      // Mu-law
  Append(wav, 2, 2);      // Channels
  Append(wav, 8000, 4);   // Samples a second
  Append(wav, 16000, 4);  // Bytes a second
  Append(wav, 2, 2);      // Bytes of one sample of all channels
  Append(wav, 8, 2);      // Bits a sample
  Append(wav, 0, 2);      // No extension
  wav += "fact";
  Append(wav, 4, 4);
  Append(wav, size / 2, 4);
  wav += "data";
  Append(wav, size, 4);
  return wav;
}

}  // namespace latchkey::sandbox
