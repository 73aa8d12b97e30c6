#include "services/media/domain/keypad.h"

#include <string_view>
#include <utility>

namespace latchkey::media {
namespace {

// From one key to the next; people read longer numbers from a card.
constexpr absl::Duration kBetweenKeys = absl::Seconds(2);
constexpr size_t kKeysMax = 64;

}  // namespace

void Keypad::Press(char key, absl::Time now) {
  if (std::string_view("0123456789*#ABCD").find(key) == std::string_view::npos) return;
  keys_ += key;
  const bool complete = key == '#' || keys_.size() == kKeysMax;
  complete_at_ = complete ? now : now + kBetweenKeys;
}

std::optional<std::string> Keypad::Take(absl::Time now) {
  if (keys_.empty() || now < complete_at_) return std::nullopt;
  complete_at_ = absl::InfiniteFuture();
  return std::exchange(keys_, "");
}

std::string KeysText(const std::string& keys) {
  std::string text = "[Pressed on the keypad:";
  for (const char key : keys) text.append(" ").append(1, key);
  return text + "]";
}

}  // namespace latchkey::media
