// SimulatedPhone: a carrier with a network before it, and a person's ear behind it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <vector>

#include "services/media/domain/mulaw.h"
#include "services/media/domain/ports.h"
#include "tests/support/simulated_clock.h"

namespace latchkey::media {

// Plays what it is sent, 20 ms at each tick of its own clock, and silence when there is nothing.
// What goes either way is under way for 3 to 15 ms, in order. The ear keeps every sample that was
// played.
class SimulatedPhone final : public CarrierLeg {
 public:
  SimulatedPhone(SimulatedClock& clock, uint64_t seed) : clock_(clock), random_(seed) {}

  void Connect(Listener& listener) {
    listener_ = &listener;
    listener.OnStreamStart();
  }

  // Time goes by, a millisecond at a time; `speaks`: the person does.
  void Pass(int ms, bool speaks) {
    for (int i = 0; i < ms; ++i) {
      clock_.Advance(absl::Milliseconds(1));
      ++now_ms_;
      Deliver(down_);
      if (now_ms_ % 20 == 0) Tick(speaks);
      Deliver(up_);
      if (on_millisecond) on_millisecond();
    }
  }

  void Play(Audio audio) override {
    Send(down_, last_down_, [this, sent = std::vector<uint8_t>(audio.begin(), audio.end())] {
      queue_.insert(queue_.end(), sent.begin(), sent.end());
    });
  }
  void Mark(int64_t mark) override {
    Send(down_, last_down_, [this, mark] { marks_.push_back({mark, queue_.size()}); });
  }
  void Clear() override {
    Send(down_, last_down_, [this] {
      queue_.clear();
      for (Waiting& mark : marks_) mark.behind = 0;
      ReturnMarks();
    });
  }
  void Close() override {}

  // By the carrier's clock, one byte for each sample since the answer.
  const std::vector<uint8_t>& ear() const { return ear_; }

  std::function<void()> on_millisecond;

 private:
  struct Message {
    int64_t due_ms = 0;
    std::function<void()> arrive;
  };
  struct Waiting {
    int64_t mark = 0;
    size_t behind = 0;  // So many samples are still to be played before it.
  };
  static constexpr size_t kFrame = 160;

  void Send(std::deque<Message>& way, int64_t& last, std::function<void()> arrive) {
    last = std::max(last, now_ms_ + std::uniform_int_distribution<int64_t>(3, 15)(random_));
    way.push_back({last, std::move(arrive)});
  }
  void Deliver(std::deque<Message>& way) {
    while (!way.empty() && way.front().due_ms <= now_ms_) {
      const std::function<void()> arrive = std::move(way.front().arrive);
      way.pop_front();
      arrive();
    }
  }
  void Tick(bool speaks) {
    const size_t size = std::min(kFrame, queue_.size());
    ear_.insert(ear_.end(), queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
    ear_.resize((ear_.size() + kFrame - 1) / kFrame * kFrame, kSilence);
    if (size == 0) ear_.resize(ear_.size() + kFrame, kSilence);
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
    for (Waiting& mark : marks_) mark.behind -= std::min(mark.behind, size);
    ReturnMarks();
    Send(up_, last_up_, [this, speaks, start = position_] {
      std::vector<uint8_t> frame(kFrame, kSilence);
      for (size_t i = 0; speaks && i < kFrame; ++i) frame[i] = i % 16 < 8 ? 0x90 : 0x10;
      listener_->OnAudio(start, frame);
    });
    position_ += kFrame;
  }
  void ReturnMarks() {
    while (!marks_.empty() && marks_.front().behind == 0) {
      Send(up_, last_up_, [this, mark = marks_.front().mark] { listener_->OnMark(mark); });
      marks_.pop_front();
    }
  }

  SimulatedClock& clock_;
  std::mt19937_64 random_;
  Listener* listener_ = nullptr;
  int64_t now_ms_ = 0;
  int64_t position_ = 0;
  int64_t last_down_ = 0;
  int64_t last_up_ = 0;
  std::deque<Message> down_;
  std::deque<Message> up_;
  std::deque<uint8_t> queue_;
  std::deque<Waiting> marks_;
  std::vector<uint8_t> ear_;
};

}  // namespace latchkey::media
