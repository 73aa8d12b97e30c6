#include "services/media/domain/wav.h"

#include <cstring>
#include <string_view>

namespace latchkey::media {
namespace {

constexpr uint32_t kRateHz = 8000;
constexpr uint16_t kFormatMulaw = 7;

class HeaderWriter {
 public:
  explicit HeaderWriter(uint8_t* at) : at_(at) {}
  void Tag(std::string_view tag) {
    std::memcpy(at_, tag.data(), tag.size());
    at_ += tag.size();
  }
  void Number(uint32_t value, int bytes) {  // Little-endian.
    for (int i = 0; i < bytes; ++i) *at_++ = static_cast<uint8_t>(value >> (8 * i));
  }

 private:
  uint8_t* at_;
};

}  // namespace

std::array<uint8_t, kWavHeaderBytes> WavHeader(uint32_t data_bytes) {
  std::array<uint8_t, kWavHeaderBytes> header{};
  HeaderWriter out(header.data());
  out.Tag("RIFF");
  out.Number(data_bytes + kWavHeaderBytes - 8, 4);
  out.Tag("WAVEfmt ");
  out.Number(18, 4);
  out.Number(kFormatMulaw, 2);
  out.Number(2, 2);  // Channels.
  out.Number(kRateHz, 4);
  out.Number(kRateHz * kWavBytesPerSample, 4);  // Bytes a second.
  out.Number(kWavBytesPerSample, 2);            // Bytes a sample of all channels.
  out.Number(8, 2);                             // Bits a sample.
  out.Number(0, 2);                             // No more format.
  out.Tag("fact");
  out.Number(4, 4);
  out.Number(data_bytes / kWavBytesPerSample, 4);
  out.Tag("data");
  out.Number(data_bytes, 4);
  return header;
}

}  // namespace latchkey::media
