#include "lib/secret/arena.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"

namespace latchkey::secret {
namespace {

constexpr size_t kBytes = 256 * 1024;

size_t LockedKib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  size_t kib = 0;
  while (status >> word) {
    if (word == "VmLck:") status >> kib;
  }
  return kib;
}

bool AllZero(const uint8_t* bytes, size_t size) {
  return std::all_of(bytes, bytes + size, [](uint8_t byte) { return byte == 0; });
}

TEST(ArenaTest, IsLockedWhole) {
  const size_t before = LockedKib();

  const Arena arena(kBytes);

  EXPECT_TRUE(arena.locked().ok()) << arena.locked();
  EXPECT_EQ(LockedKib(), before + kBytes / 1024);
}

TEST(ArenaTest, GivesZerosAgainAfterABlockWasWrittenTo) {
  Arena arena(kBytes);
  uint8_t* const first = arena.Take(100);
  std::memset(first, 'k', 100);
  arena.Give(first, 100);

  uint8_t* const second = arena.Take(100);

  EXPECT_EQ(second, first);
  EXPECT_TRUE(AllZero(second, 100));
  arena.Give(second, 100);
}

TEST(ArenaTest, RefusesWhatDoesNotFit) {
  Arena arena(kBytes);

  EXPECT_EQ(arena.Take(64 * 1024 + 1), nullptr);
  uint8_t* const one = arena.Take(64 * 1024);
  uint8_t* const two = arena.Take(64 * 1024);
  EXPECT_NE(two, nullptr);
  EXPECT_EQ(arena.Take(1), nullptr);

  arena.Give(one, 64 * 1024);
  arena.Give(two, 64 * 1024);
  EXPECT_EQ(arena.used_bytes(), 0u);
}

TEST(ArenaTest, SaysThatItIsNearlyFullBeforeItIs) {
  Arena arena(kBytes);
  uint8_t* const half = arena.Take(64 * 1024);
  EXPECT_TRUE(arena.CheckRoom().ok());
  uint8_t* const more = arena.Take(60 * 1024);
  uint8_t* const other = arena.Take(1000);
  (void)other;

  const absl::Status full = arena.CheckRoom();

  EXPECT_TRUE(absl::IsResourceExhausted(full));
  EXPECT_EQ(Reason(full), "key_memory_full");
  arena.Give(half, 64 * 1024);
  EXPECT_TRUE(arena.CheckRoom().ok());
  arena.Give(more, 60 * 1024);
}

TEST(ArenaTest, ManyBlocksNeverOverlapAndAllRoomComesBack) {
  Arena arena(kBytes);
  std::mt19937 random(20);  // NOLINT: the same order each time.
  std::vector<std::pair<uint8_t*, size_t>> held;
  for (int step = 0; step < 20'000; ++step) {
    const bool give = !held.empty() && random() % 2 == 0;
    if (!give) {
      const size_t size = 1 + random() % 3000;
      uint8_t* const bytes = arena.Take(size);
      if (bytes == nullptr) continue;
      ASSERT_TRUE(AllZero(bytes, size));
      std::memset(bytes, 0xee, size);
      held.emplace_back(bytes, size);
      continue;
    }
    std::swap(held[random() % held.size()], held.back());
    arena.Give(held.back().first, held.back().second);
    held.pop_back();
  }
  for (const auto& [bytes, size] : held) arena.Give(bytes, size);

  EXPECT_EQ(arena.used_bytes(), 0u);
  uint8_t* const largest = arena.Take(64 * 1024);
  EXPECT_NE(largest, nullptr);
  arena.Give(largest, 64 * 1024);
}

TEST(ArenaDeathTest, WritingBehindASecretEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Arena arena(kBytes);
  uint8_t* const bytes = arena.Take(40);

  EXPECT_DEATH(
      {
        bytes[40] ^= 1;
        arena.Give(bytes, 40);
      },
      "nobody writes behind a secret");
  arena.Give(bytes, 40);
}

// In a child, since a limit and a user are given up for good.
int WithoutPrivileges(rlim_t limit_bytes) {
  const rlimit limit{limit_bytes, limit_bytes};
  if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 10;
  if (getuid() == 0 && setuid(65534) != 0) return 11;  // Without CAP_IPC_LOCK.
  const Arena arena(Arena::kProcessBytes);
  if (arena.locked().ok()) return 0;
  return Reason(arena.locked()) == "memory_not_locked" ? 1 : 12;
}

int InChild(rlim_t limit_bytes) {
  const pid_t child = fork();
  if (child == 0) _exit(WithoutPrivileges(limit_bytes));
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ArenaTest, NeedsNoCapabilityWithinTheUsualLimit) { EXPECT_EQ(InChild(8 << 20), 0); }

TEST(ArenaTest, SaysThatItIsNotLockedUnderTheLimitOfOlderKernels) {
  EXPECT_EQ(InChild(64 << 10), 1);
}

}  // namespace
}  // namespace latchkey::secret
