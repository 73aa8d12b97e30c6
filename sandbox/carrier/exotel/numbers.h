// How Exotel writes telephone numbers and times: India's way.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace latchkey::sandbox::exotel {

// "09812345678" and "+919812345678" → "+919812345678". Nothing for what is neither.
std::optional<std::string> ToE164(std::string_view text);

// "+919812345678" → "09812345678"; numbers of other countries stay as they are.
std::string ToLocal(std::string_view e164);

// "2026-08-01 15:00:00", India's time.
std::string ToText(absl::Time time);
std::optional<absl::Time> ParseTime(std::string_view text);

}  // namespace latchkey::sandbox::exotel
