// WavRecordings: calls' recordings as files, written by a thread of their own.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// One call's recording. Write() fills one of two blocks of a second each and hands the full one to
// the writer with an atomic: no lock, no allocation, no wait. If the writer still has the other
// one, the disk is too slow, and that second becomes silence.
class WavRecording final : public Recorder {
 public:
  explicit WavRecording(std::string call_id);

  void Write(Audio callee, Audio agent) override;

  // Nothing more will be written.
  void Close();
  // The file is complete under its final name.
  bool complete() const { return complete_.load(std::memory_order_acquire); }
  int64_t samples() const { return samples_; }

 private:
  friend class WavRecordings;

  static constexpr size_t kBlockBytes = 16'000;
  struct Block {
    std::array<uint8_t, kBlockBytes> bytes;
    size_t used = 0;
    std::atomic<bool> full{false};  // The writer's, until it sets it to false.
  };

  const std::string call_id_;
  std::array<Block, 2> blocks_;
  size_t current_ = 0;   // The caller's.
  int64_t samples_ = 0;  // The caller's.
  std::atomic<bool> closed_{false};
  std::atomic<bool> complete_{false};
  // The writer's.
  size_t next_ = 0;
  int fd_ = -1;
  uint32_t written_bytes_ = 0;
};

// `<directory>/<call_id>.wav` when complete; before that `<call_id>.<instance>.part`, whose header
// is repaired when the instance starts again, or when another one settles the call.
class WavRecordings {
 public:
  WavRecordings(std::string directory, std::string instance);
  ~WavRecordings();  // Completes what is open.

  // Repairs what this instance left behind when it died. Before the first Open.
  void RepairOwn();
  // Repairs one call's, whichever instance it was; its file name, or nothing if there is none.
  std::optional<RecordingEvent> Repair(std::string_view call_id);

  // From any thread. Shared: the writer may be at it when the call is gone.
  std::shared_ptr<WavRecording> Open(std::string call_id);

 private:
  void Run();
  bool WriteOut(WavRecording& recording);
  void Begin(WavRecording& recording);
  void Complete(WavRecording& recording);

  const std::string directory_;
  const std::string instance_;
  std::mutex mutex_;  // Taken when a call begins or ends, and by the writer; never for a frame.
  std::condition_variable stop_told_;
  std::list<std::shared_ptr<WavRecording>> open_;
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace latchkey::media
