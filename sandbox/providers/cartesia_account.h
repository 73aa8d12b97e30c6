// CartesiaAccount: what one key's plan still allows.
#pragma once

#include <cstdint>

#include "sandbox/providers/cartesia_refusal.h"
#include "sandbox/scenario/quirks/cartesia.h"

namespace latchkey::sandbox {

// Lives on one io thread, and longer than what it has counted.
class CartesiaAccount {
 public:
  // Counts one thing that is in use for as long as it lives.
  class InUse {
   public:
    explicit InUse(int& count) : count_(count) { ++count_; }
    ~InUse() { --count_; }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

   private:
    int& count_;
  };

  // Whether a context may speak so many characters now; they are used up if it may.
  CartesiaRefusal Speak(int64_t characters, const CartesiaQuirks& quirks) {
    const bool busy = quirks.contexts_max > 0 && generating >= quirks.contexts_max;
    if (busy) return CartesiaRefusalOf(429, "");
    const bool broke = quirks.credits > 0 && spoken_ + characters > quirks.credits;
    if (broke) return CartesiaRefusalOf(402, "");
    spoken_ += characters;
    return {};
  }

  bool MayOpenSocket(const CartesiaQuirks& quirks) const {
    return quirks.sockets_max == 0 || sockets < quirks.sockets_max;
  }

  int generating = 0;  // Contexts, by InUse.
  int sockets = 0;

 private:
  int64_t spoken_ = 0;  // Characters, which are credits.
};

}  // namespace latchkey::sandbox
