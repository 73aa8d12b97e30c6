#include "lib/http/public_address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace latchkey::http {

namespace asio = boost::asio;

namespace {

struct Block4 {
  uint32_t prefix;
  int bits;
};

constexpr uint32_t Ip(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// iana.org/assignments/iana-ipv4-special-registry, and all of multicast and class E.
constexpr Block4 kSpecial4[] = {
    {Ip(0, 0, 0, 0), 8},       // "This network".
    {Ip(10, 0, 0, 0), 8},      // Private.
    {Ip(100, 64, 0, 0), 10},   // Shared, behind carriers' NAT.
    {Ip(127, 0, 0, 0), 8},     // Loopback.
    {Ip(169, 254, 0, 0), 16},  // Link-local; clouds answer for their machines' identity there.
    {Ip(172, 16, 0, 0), 12},   // Private.
    {Ip(192, 0, 0, 0), 24},    // Protocol assignments.
    {Ip(192, 0, 2, 0), 24},    // Documentation.
    {Ip(192, 88, 99, 0), 24},  // 6to4 relays.
    {Ip(192, 168, 0, 0), 16},  // Private.
    {Ip(198, 18, 0, 0), 15},   // Benchmarks.
    {Ip(198, 51, 100, 0), 24}, {Ip(203, 0, 113, 0), 24}, {Ip(224, 0, 0, 0), 4},  // Multicast.
    {Ip(240, 0, 0, 0), 4},  // Reserved, and broadcast.
};

bool IsPublic4(uint32_t address) {
  for (const Block4& block : kSpecial4) {
    if ((address ^ block.prefix) >> (32 - block.bits) == 0) return false;
  }
  return true;
}

using Bytes6 = asio::ip::address_v6::bytes_type;

bool StartsWith(const Bytes6& address, std::initializer_list<uint8_t> prefix) {
  size_t at = 0;
  for (const uint8_t byte : prefix) {
    if (address[at++] != byte) return false;
  }
  return true;
}

// Only 2000::/3 is handed out to hosts; within it, what is special is taken out.
bool IsPublic6(const Bytes6& address) {
  if (address[0] >> 5 != 1) return false;
  const bool protocol_assignments = StartsWith(address, {0x20, 0x01}) && address[2] < 2;
  const bool documentation = StartsWith(address, {0x20, 0x01, 0x0d, 0xb8}) ||
                             (StartsWith(address, {0x3f, 0xff}) && address[2] < 0x10);
  const bool six_to_four = StartsWith(address, {0x20, 0x02});
  return !protocol_assignments && !documentation && !six_to_four;
}

}  // namespace

bool IsPublic(const asio::ip::address& address) {
  if (address.is_v4()) return IsPublic4(address.to_v4().to_uint());
  const asio::ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) {
    return IsPublic4(asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_uint());
  }
  return IsPublic6(v6.to_bytes());
}

}  // namespace latchkey::http
