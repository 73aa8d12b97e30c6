// DTMF: the tones of a telephone's keys (ITU-T Q.23).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace latchkey::media {

// The tones of `keys` one after the other, each followed by a pause, as mu-law. A key that a
// telephone does not have is left out.
std::vector<uint8_t> MakeTones(std::string_view keys);

}  // namespace latchkey::media
