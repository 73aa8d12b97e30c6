#include "lib/secret/arena.h"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>

#include "lib/base/check.h"
#include "lib/base/error.h"

// From kernel headers that are younger than Debian 12's.
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

namespace latchkey::secret {

namespace {

constexpr size_t kBitsPerWord = 64;
constexpr size_t kSecretBytesMax = 64 * 1024;
constexpr size_t kNone = SIZE_MAX;

size_t PageBytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

std::string LimitText() {
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  if (limit.rlim_cur == RLIM_INFINITY) return "there is no limit";
  return fmt::format("the limit (RLIMIT_MEMLOCK) is {} KiB", limit.rlim_cur / 1024);
}

absl::Status NotLocked(size_t bytes) {
  return Error(absl::StatusCode::kFailedPrecondition, "memory_not_locked",
               fmt::format("The memory for keys cannot be locked into RAM: {} KiB are needed, and "
                           "{}. Raise it (ulimit -l, LimitMEMLOCK=, or your container runtime's "
                           "setting).",
                           bytes / 1024, LimitText()));
}

}  // namespace

Arena& Arena::OfProcess() {
  static Arena* const arena = new Arena(kProcessBytes);  // Static secrets may outlive main.
  return *arena;
}

Arena::Arena(size_t bytes) : size_bytes_(bytes) {
  Check(bytes > 0 && bytes % BlockBytes(kOrders - 1) == 0, "an arena has whole largest blocks");
  Check(sodium_init() >= 0, "libsodium starts");
  randombytes_buf(canary_.data(), canary_.size());
  Map();
  locked_ = Lock();
  for (size_t order = 0; order < kOrders; ++order) {
    const size_t blocks = bytes / BlockBytes(order);
    free_[order].resize((blocks + kBitsPerWord - 1) / kBitsPerWord);
  }
  const size_t largest = kOrders - 1;
  for (size_t i = 0; i < bytes / BlockBytes(largest); ++i) SetFree(largest, i, true);
}

Arena::~Arena() { munmap(mapping_, size_bytes_ + 2 * PageBytes()); }

void Arena::Map() {
  const size_t page = PageBytes();
  void* mapped =
      mmap(nullptr, size_bytes_ + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  Check(mapped != MAP_FAILED, "there is address space for keys");
  mapping_ = static_cast<uint8_t*>(mapped);
  first_ = mapping_ + page;
  Check(mprotect(first_, size_bytes_, PROT_READ | PROT_WRITE) == 0, "keys' memory is writable");
  // A name in /proc/PID/maps, for kernels that have such; nothing depends on it.
  prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, first_, size_bytes_, "latchkey keys");
}

// On-fault: all of it counts against the limit now, so no later page can fail, and pages that are
// never used take no RAM.
absl::Status Arena::Lock() const {
  const bool kept_out = madvise(first_, size_bytes_, MADV_DONTDUMP) == 0;
  int locked = mlock2(first_, size_bytes_, MLOCK_ONFAULT);
  if (locked != 0 && errno == ENOSYS) locked = mlock(first_, size_bytes_);
  if (locked != 0 || !kept_out) return NotLocked(size_bytes_);
  return absl::OkStatus();
}

absl::Status Arena::CheckRoom() const {
  if (used_bytes() <= size_bytes_ / 4 * 3) return absl::OkStatus();
  return Error(absl::StatusCode::kResourceExhausted, "key_memory_full",
               "The memory for keys is nearly full. Try again shortly, or start more instances.",
               {{"retry_after_seconds", "1"}});
}

size_t Arena::OrderFor(size_t size) {
  const size_t blocks = (size + kCanaryBytes + kBlockBytesMin - 1) / kBlockBytesMin;
  return static_cast<size_t>(std::bit_width(blocks - 1));
}

bool Arena::IsFree(size_t order, size_t index) const {
  return (free_[order][index / kBitsPerWord] >> (index % kBitsPerWord) & 1) != 0;
}

void Arena::SetFree(size_t order, size_t index, bool is_free) {
  free_[order][index / kBitsPerWord] ^= uint64_t{1} << (index % kBitsPerWord);
  free_count_[order] += is_free ? 1 : SIZE_MAX;  // Wraps: less one.
}

size_t Arena::FindFree(size_t order) const {
  if (free_count_[order] == 0) return kNone;
  const std::vector<uint64_t>& words = free_[order];
  size_t word = 0;
  while (words[word] == 0) ++word;
  return word * kBitsPerWord + static_cast<size_t>(std::countr_zero(words[word]));
}

// A free block of `order`, taken; larger ones are halved until there is one.
size_t Arena::Split(size_t order) {
  if (order == kOrders) return kNone;
  const size_t found = FindFree(order);
  if (found != kNone) {
    SetFree(order, found, false);
    return found;
  }
  const size_t larger = Split(order + 1);
  if (larger == kNone) return kNone;
  SetFree(order, larger * 2 + 1, true);
  return larger * 2;
}

void Arena::Merge(size_t order, size_t index) {
  while (order + 1 < kOrders && IsFree(order, index ^ 1)) {
    SetFree(order, index ^ 1, false);
    index /= 2;
    ++order;
  }
  SetFree(order, index, true);
}

uint8_t* Arena::Take(size_t size) {
  if (size > kSecretBytesMax) return nullptr;
  const size_t order = OrderFor(size);
  size_t index = kNone;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    index = Split(order);
    if (index == kNone) return nullptr;
    used_bytes_ += BlockBytes(order);
  }
  uint8_t* const bytes = first_ + index * BlockBytes(order);
  std::memcpy(bytes + size, canary_.data(), kCanaryBytes);
  return bytes;
}

void Arena::Give(uint8_t* bytes, size_t size) {
  Check(sodium_memcmp(bytes + size, canary_.data(), kCanaryBytes) == 0,
        "nobody writes behind a secret");
  const size_t order = OrderFor(size);
  sodium_memzero(bytes, size + kCanaryBytes);
  const std::lock_guard<std::mutex> guard(mutex_);
  used_bytes_ -= BlockBytes(order);
  Merge(order, static_cast<size_t>(bytes - first_) / BlockBytes(order));
}

size_t Arena::used_bytes() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return used_bytes_;
}

}  // namespace latchkey::secret
