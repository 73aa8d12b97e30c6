#include "services/media/adapters/wav_recordings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "lib/base/log.h"
#include "services/media/domain/mulaw.h"
#include "services/media/domain/wav.h"

namespace latchkey::media {
namespace {

namespace fs = std::filesystem;

// Half a block: the writer has a second for each.
constexpr std::chrono::milliseconds kWriterPause{100};

bool WriteAt(int fd, const uint8_t* data, size_t size, off_t at) {
  while (size > 0) {
    const ssize_t written = ::pwrite(fd, data, size, at);
    if (written <= 0) return false;
    data += written;
    at += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

bool WriteHeader(int fd, uint32_t data_bytes) {
  const auto header = WavHeader(data_bytes);
  return WriteAt(fd, header.data(), header.size(), 0);
}

// Gives a file without a proper end its header and its final name.
bool RepairFile(const fs::path& part, const fs::path& whole) {
  std::error_code error;
  const uintmax_t size = fs::file_size(part, error);
  if (error || size < kWavHeaderBytes) return false;
  const int fd = ::open(part.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const auto data_bytes = static_cast<uint32_t>((size - kWavHeaderBytes) & ~uintmax_t{1});
  const bool written = WriteHeader(fd, data_bytes) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written) return false;
  fs::rename(part, whole, error);
  return !error;
}

}  // namespace

WavRecording::WavRecording(std::string call_id) : call_id_(std::move(call_id)) {}

void WavRecording::Write(Audio callee, Audio agent) {
  for (size_t i = 0; i < callee.size(); ++i) {
    Block& block = blocks_[current_];
    if (block.full.load(std::memory_order_acquire)) return;  // The disk is behind.
    block.bytes[block.used++] = callee[i];
    block.bytes[block.used++] = agent[i];
    ++samples_;
    if (block.used < kBlockBytes) continue;
    block.full.store(true, std::memory_order_release);
    current_ = 1 - current_;
  }
}

void WavRecording::Close() {
  blocks_[current_].full.store(true, std::memory_order_release);
  closed_.store(true, std::memory_order_release);
}

WavRecordings::WavRecordings(std::string directory, std::string instance)
    : directory_(std::move(directory)), instance_(std::move(instance)) {
  writer_ = std::thread([this] { Run(); });
}

WavRecordings::~WavRecordings() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const std::shared_ptr<WavRecording>& recording : open_) recording->Close();
  }
  stop_told_.notify_all();
  writer_.join();
}

void WavRecordings::RepairOwn() {
  std::error_code error;
  const std::string ending = "." + instance_ + ".part";
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(ending)) continue;
    const std::string call_id = name.substr(0, name.size() - ending.size());
    const bool repaired = RepairFile(entry.path(), fs::path(directory_) / (call_id + ".wav"));
    log::Info("recording repaired", {{"call_id", call_id}, {"repaired", repaired}});
  }
}

std::optional<RecordingEvent> WavRecordings::Repair(std::string_view call_id) {
  std::error_code error;
  const std::string beginning = std::string(call_id) + ".";
  const std::string file = std::string(call_id) + ".wav";
  const fs::path whole = fs::path(directory_) / file;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(beginning) && name.ends_with(".part")) RepairFile(entry.path(), whole);
  }
  const uintmax_t size = fs::file_size(whole, error);
  if (error || size < kWavHeaderBytes) return std::nullopt;
  const auto samples = static_cast<int64_t>((size - kWavHeaderBytes) / kWavBytesPerSample);
  return RecordingEvent{.file = file, .duration = ToDuration(samples)};
}

std::shared_ptr<WavRecording> WavRecordings::Open(std::string call_id) {
  auto recording = std::make_shared<WavRecording>(std::move(call_id));
  const std::lock_guard lock(mutex_);
  open_.push_back(recording);
  return recording;
}

void WavRecordings::Run() {
  while (true) {
    std::vector<std::shared_ptr<WavRecording>> all;
    bool last = false;
    {
      std::unique_lock lock(mutex_);
      stop_told_.wait_for(lock, kWriterPause, [this] { return stopping_; });
      last = stopping_;
      all.assign(open_.begin(), open_.end());
    }
    for (const std::shared_ptr<WavRecording>& recording : all) {
      const bool done = WriteOut(*recording);
      if (!done) continue;
      const std::lock_guard lock(mutex_);
      open_.remove(recording);
    }
    if (last) return;
  }
}

// Writes the blocks that are full; true when that was the last of them.
bool WavRecordings::WriteOut(WavRecording& recording) {
  // Read before the blocks: what was full when it was closed is written in this turn.
  const bool closed = recording.closed_.load(std::memory_order_acquire);
  while (true) {
    WavRecording::Block& block = recording.blocks_[recording.next_];
    if (!block.full.load(std::memory_order_acquire)) break;
    if (recording.fd_ < 0) Begin(recording);
    const off_t at = kWavHeaderBytes + static_cast<off_t>(recording.written_bytes_);
    if (WriteAt(recording.fd_, block.bytes.data(), block.used, at)) {
      recording.written_bytes_ += static_cast<uint32_t>(block.used);
    }
    const bool partial = block.used < WavRecording::kBlockBytes;
    block.used = 0;
    block.full.store(false, std::memory_order_release);
    recording.next_ = 1 - recording.next_;
    if (partial) break;
  }
  if (closed) Complete(recording);
  return closed;
}

void WavRecordings::Begin(WavRecording& recording) {
  const std::string path = directory_ + "/" + recording.call_id_ + "." + instance_ + ".part";
  recording.fd_ = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0640);
  if (recording.fd_ < 0 || !WriteHeader(recording.fd_, 0)) {
    log::Error("recording cannot be written; look at --recordings",
               {{"call_id", recording.call_id_}});
  }
}

void WavRecordings::Complete(WavRecording& recording) {
  if (recording.fd_ >= 0) {
    const std::string stem = directory_ + "/" + recording.call_id_;
    const bool written =
        WriteHeader(recording.fd_, recording.written_bytes_) && ::fsync(recording.fd_) == 0;
    ::close(recording.fd_);
    recording.fd_ = -1;
    std::error_code error;
    fs::rename(stem + "." + instance_ + ".part", stem + ".wav", error);
    if (!written || error) {
      log::Error("recording is not complete", {{"call_id", recording.call_id_}});
    }
  }
  recording.complete_.store(true, std::memory_order_release);
}

}  // namespace latchkey::media
