// WipedText: text that may hold a key on its way through, and leaves nothing in what it frees.
#pragma once

#include <sodium.h>

#include <cstddef>
#include <memory>
#include <string>

#include "lib/secret/secret.h"

namespace latchkey::secret {

// Overwrites with zeros what it takes back, so that growing leaves no older copy behind.
template <typename T>
class WipingAllocator {
 public:
  using value_type = T;

  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) noexcept {}  // NOLINT: an allocator converts.

  T* allocate(size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* items, size_t count) {
    sodium_memzero(items, count * sizeof(T));
    std::allocator<T>().deallocate(items, count);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

// Not locked: for what passes at once. What stays belongs into a Secret. Up to 15 bytes lie in the
// object itself and are not wiped, which is less than any key has.
using WipedText = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

// Wipes a std::string when it goes, also when an exception unwinds.
class WipeAtEnd {
 public:
  explicit WipeAtEnd(std::string& text) : text_(text) {}
  ~WipeAtEnd() { Wipe(text_); }
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;

 private:
  std::string& text_;
};

}  // namespace latchkey::secret
