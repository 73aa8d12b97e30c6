// Arena: the one stretch of memory in which a process's secrets lie.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "absl/status/status.h"

namespace latchkey::secret {

// Mapped once, locked into RAM, left out of core files, with a page on either side that nobody may
// touch. Cut into blocks of 64 bytes to 128 KiB by halving (Knowlton's buddy system, 1965). Every
// block ends with a canary, is wiped when it comes back, and is handed out as zeros.
//
// Thread-safe. A lock is held for the search of a free block, never while bytes are wiped.
class Arena {
 public:
  // Half of the 8 MiB that Linux lets a process lock without any capability (RLIMIT_MEMLOCK, since
  // 5.16). Pages that were never used cost no memory.
  static constexpr size_t kProcessBytes = 4 * 1024 * 1024;

  // The process's own, made by the first call and never taken down.
  static Arena& OfProcess();

  // `bytes` is a multiple of 128 KiB. Only OfProcess and tests make one.
  explicit Arena(size_t bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // OK when every byte is locked and excluded from dumps. kFailedPrecondition `memory_not_locked`
  // says what is needed and what the limit is; the arena works nevertheless.
  const absl::Status& locked() const { return locked_; }

  // OK while a quarter is left. Whoever lets a key in from outside asks first, so that what is
  // under way still finds room. kResourceExhausted `key_memory_full`, with retry_after_seconds.
  absl::Status CheckRoom() const;

  // `size` zero bytes; nullptr when there is no such block left, or `size` is over 64 KiB.
  uint8_t* Take(size_t size);
  // What Take gave for `size`. Ends the process when somebody wrote behind it.
  void Give(uint8_t* bytes, size_t size);

  size_t size_bytes() const { return size_bytes_; }
  // In blocks that are handed out, spare room and canaries included.
  size_t used_bytes() const;

 private:
  static constexpr size_t kCanaryBytes = 16;
  static constexpr size_t kBlockBytesMin = 64;
  static constexpr size_t kOrders = 12;  // 64 bytes << 11 is 128 KiB.

  static constexpr size_t BlockBytes(size_t order) { return kBlockBytesMin << order; }
  static size_t OrderFor(size_t size);

  void Map();
  absl::Status Lock() const;
  bool IsFree(size_t order, size_t index) const;
  void SetFree(size_t order, size_t index, bool is_free);
  size_t FindFree(size_t order) const;
  size_t Split(size_t order);
  void Merge(size_t order, size_t index);

  const size_t size_bytes_;
  uint8_t* mapping_ = nullptr;  // The guard page before the first block.
  uint8_t* first_ = nullptr;
  std::array<uint8_t, kCanaryBytes> canary_;  // Random.
  absl::Status locked_;

  mutable std::mutex mutex_;
  std::array<std::vector<uint64_t>, kOrders> free_;  // One bit for each block of an order.
  std::array<size_t, kOrders> free_count_{};
  size_t used_bytes_ = 0;
};

}  // namespace latchkey::secret
