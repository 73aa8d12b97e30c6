// Refusal: what a caller hears whose call is not taken, in the carrier's own voice.
#pragma once

#include <string_view>

namespace latchkey::media {

// The sentence for one of dialer's reasons; the apology for one that says nothing to a caller.
// Empty when there is nobody to hear it any more.
std::string_view RefusalSentence(std::string_view reason);

}  // namespace latchkey::media
