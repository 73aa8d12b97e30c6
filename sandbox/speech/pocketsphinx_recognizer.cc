#include "sandbox/speech/pocketsphinx_recognizer.h"

#include <utility>

#include "lib/base/error.h"

namespace latchkey::sandbox {
namespace {

// Audio is handed to a worker in pieces of this size: 200 ms, so that after the last word there is
// never more than that left to decode.
constexpr size_t kPieceBytes = 1600;
// No utterance is longer; what comes after a minute is not listened to.
constexpr size_t kUtteranceBytesMax = 60 * 8000;

// One utterance, shared by the io thread, which brings audio, and by the worker that decodes it.
class Utterance {
 public:
  explicit Utterance(std::shared_ptr<DecoderPool> pool) : pool_(std::move(pool)) {}
  ~Utterance() { GiveBack(); }
  Utterance(const Utterance&) = delete;
  Utterance& operator=(const Utterance&) = delete;

  // Returns how much waits to be decoded.
  size_t Add(std::span<const uint8_t> mulaw) {
    const std::lock_guard lock(audio_mutex_);
    if (total_ + mulaw.size() > kUtteranceBytesMax) return 0;
    total_ += mulaw.size();
    waiting_.insert(waiting_.end(), mulaw.begin(), mulaw.end());
    return waiting_.size();
  }

  // On a worker. Audio is taken inside the lock, so two workers cannot swap its order.
  absl::Status DecodeWaiting() {
    const std::lock_guard lock(decode_mutex_);
    return Decode();
  }

  // On a worker. Nothing once it has ended.
  absl::StatusOr<Recognized> SoFar() {
    const std::lock_guard lock(decode_mutex_);
    if (ended_) return Recognized();
    absl::Status decoded = Decode();
    if (!decoded.ok()) return decoded;
    return decoder_->SoFar();
  }

  // On a worker.
  absl::StatusOr<Recognized> End() {
    const std::lock_guard lock(decode_mutex_);
    ended_ = true;
    absl::Status decoded = Decode();
    if (!decoded.ok()) return decoded;
    Recognized recognized = decoder_->End();
    begun_ = false;
    GiveBack();
    return recognized;
  }

 private:
  absl::Status Decode() {
    if (decoder_ == nullptr) {
      absl::StatusOr<std::unique_ptr<PocketsphinxDecoder>> taken = pool_->Take();
      if (!taken.ok()) return taken.status();
      decoder_ = *std::move(taken);
      decoder_->Begin();
      begun_ = true;
    }
    std::vector<uint8_t> audio;
    {
      const std::lock_guard lock(audio_mutex_);
      audio.swap(waiting_);
    }
    if (!audio.empty()) decoder_->Push(audio);
    return absl::OkStatus();
  }

  void GiveBack() {
    if (decoder_ == nullptr) return;
    if (begun_) decoder_->End();
    pool_->GiveBack(std::move(decoder_));
  }

  const std::shared_ptr<DecoderPool> pool_;
  std::mutex audio_mutex_;  // Held for a copy only, so the io thread never waits for a decoder.
  std::vector<uint8_t> waiting_;
  size_t total_ = 0;
  std::mutex decode_mutex_;
  std::unique_ptr<PocketsphinxDecoder> decoder_;
  bool begun_ = false;
  bool ended_ = false;
};

class PocketsphinxRecognition final : public Recognition {
 public:
  PocketsphinxRecognition(Workers& workers, std::shared_ptr<DecoderPool> pool)
      : workers_(workers), utterance_(std::make_shared<Utterance>(std::move(pool))) {}

  void Push(std::span<const uint8_t> mulaw) override {
    if (utterance_->Add(mulaw) < kPieceBytes) return;
    // Without a free decoder the audio goes on waiting, and Finish() tries once more.
    workers_.Post([utterance = utterance_] { utterance->DecodeWaiting().IgnoreError(); });
  }

  Task<absl::StatusOr<Recognized>> SoFar() override {
    std::function<absl::StatusOr<Recognized>()> job = [utterance = utterance_] {
      return utterance->SoFar();
    };
    co_return co_await workers_.Run<Recognized>(std::move(job));
  }

  Task<absl::StatusOr<Recognized>> Finish() override {
    std::function<absl::StatusOr<Recognized>()> job = [utterance = utterance_] {
      return utterance->End();
    };
    co_return co_await workers_.Run<Recognized>(std::move(job));
  }

 private:
  Workers& workers_;
  // Shared with the workers, which may still be decoding when the stream has gone.
  std::shared_ptr<Utterance> utterance_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PocketsphinxDecoder>> DecoderPool::Take() {
  const std::lock_guard lock(mutex_);
  if (!idle_.empty()) {
    std::unique_ptr<PocketsphinxDecoder> decoder = std::move(idle_.back());
    idle_.pop_back();
    return decoder;
  }
  if (made_ == kDecodersMax) {
    return Error(absl::StatusCode::kResourceExhausted, "speech_queue_full",
                 "All decoders are in use. Use the fingerprint engine for so many calls.");
  }
  absl::StatusOr<std::unique_ptr<PocketsphinxDecoder>> made = PocketsphinxDecoder::Make(grammar_);
  if (made.ok()) ++made_;
  return made;
}

void DecoderPool::GiveBack(std::unique_ptr<PocketsphinxDecoder> decoder) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(decoder));
}

PocketsphinxRecognizer::PocketsphinxRecognizer(Workers& workers,
                                               const std::vector<std::string>& lines)
    : workers_(workers), pool_(std::make_shared<DecoderPool>(lines)) {}

Task<absl::Status> PocketsphinxRecognizer::Warm() {
  std::function<absl::StatusOr<bool>()> job = [pool = pool_]() -> absl::StatusOr<bool> {
    absl::StatusOr<std::unique_ptr<PocketsphinxDecoder>> decoder = pool->Take();
    if (!decoder.ok()) return decoder.status();
    pool->GiveBack(*std::move(decoder));
    return true;
  };
  absl::StatusOr<bool> warm = co_await workers_.Run<bool>(std::move(job));
  co_return warm.status();
}

std::unique_ptr<Recognition> PocketsphinxRecognizer::Start() {
  return std::make_unique<PocketsphinxRecognition>(workers_, pool_);
}

}  // namespace latchkey::sandbox
