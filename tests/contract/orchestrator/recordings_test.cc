// The contract of Recordings.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "services/orchestrator/adapters/disk_recordings.h"
#include "tests/support/orchestrator/fake_call_event_store.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

struct FakeVolume {
  void Put(const std::string& file, const std::string& bytes) { recordings.files[file] = bytes; }

  FakeRecordings recordings;
};

struct DiskVolume {
  DiskVolume() { std::filesystem::create_directory(folder); }
  ~DiskVolume() { std::filesystem::remove_all(folder); }

  void Put(const std::string& file, const std::string& bytes) const {
    std::ofstream(folder + "/" + file, std::ios::binary) << bytes;
  }

  const std::string folder = ::testing::TempDir() + "recordings-" + std::to_string(getpid());
  DiskRecordings recordings{folder};
};

template <typename World>
class RecordingsContract : public ::testing::Test {
 protected:
  World world_;
};
using Worlds = ::testing::Types<FakeVolume, DiskVolume>;
TYPED_TEST_SUITE(RecordingsContract, Worlds);

TYPED_TEST(RecordingsContract, GivesPiecesAndNothingAtTheEnd) {
  const std::string bytes("RIFF\0wave", 9);
  this->world_.Put("call_one.wav", bytes);

  EXPECT_THAT(this->world_.recordings.Read("call_one.wav", 0, 5), IsOkAndHolds(bytes.substr(0, 5)));
  EXPECT_THAT(this->world_.recordings.Read("call_one.wav", 5, 5), IsOkAndHolds(bytes.substr(5)));
  EXPECT_THAT(this->world_.recordings.Read("call_one.wav", 9, 5), IsOkAndHolds(std::string()));
}

TYPED_TEST(RecordingsContract, KnowsNoFileThatIsNotThere) {
  for (const char* file : {"call_two.wav", "../call_one.wav", "/etc/hostname", ""}) {
    EXPECT_THAT(this->world_.recordings.Read(file, 0, 5),
                StatusIs(absl::StatusCode::kNotFound, reasons::kRecordingNotFound))
        << file;
  }
}

}  // namespace
}  // namespace latchkey::orchestrator
