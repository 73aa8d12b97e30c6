#include "lib/secret/additional_data.h"

namespace latchkey::secret {

AdditionalData::AdditionalData(std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes_.push_back(static_cast<char>((part.size() >> shift) & 0xff));
    }
    bytes_.append(part);
  }
}

}  // namespace latchkey::secret
