#include "sandbox/speech/frame_clock.h"

#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "lib/base/check.h"

namespace latchkey::sandbox {

namespace asio = boost::asio;

FrameClock::FrameClock(const Executor& executor) : timer_(executor) {}

FrameClock::~FrameClock() { Check(seats_ == 0, "every call left the clock before it went"); }

int64_t FrameClock::Tick(Time time) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time - origin_).count();
}

int64_t FrameClock::FirstTick() const {
  const auto fewest = std::ranges::min_element(slots_, {}, &std::vector<Seat*>::size);
  const int64_t slot = fewest - slots_.begin();
  const int64_t soonest = Tick(std::chrono::steady_clock::now()) + 1;
  return soonest + (slot - soonest % kSlots + kSlots) % kSlots;
}

void FrameClock::Arm() {
  if (armed_ || seats_ == 0) return;
  armed_ = true;
  timer_.expires_at(At(next_tick_));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) OnTimer();  // Else the clock is gone: nobody cancels it but its destructor.
  });
}

// Ticks that were missed are made up for, in their order; nobody is woken twice for them, since who
// was woken is not waiting any more.
void FrameClock::OnTimer() {
  armed_ = false;
  const int64_t now = Tick(std::chrono::steady_clock::now());
  for (; next_tick_ <= now; ++next_tick_) {
    for (Seat* const seat : SlotOf(next_tick_)) {
      if (seat->due_tick_ <= now) seat->Wake();
    }
  }
  Arm();
}

FrameClock::Seat::Seat(FrameClock& clock) : clock_(clock), due_tick_(clock.FirstTick() - kSlots) {
  clock_.SlotOf(due_tick_ + kSlots).push_back(this);
  if (clock_.seats_++ == 0) clock_.next_tick_ = due_tick_ + 1;
  clock_.Arm();
}

FrameClock::Seat::~Seat() {
  std::erase(clock_.SlotOf(due_tick_ + kSlots), this);
  --clock_.seats_;  // The timer notices when nobody is left.
}

Task<void> FrameClock::Seat::Next() {
  due_tick_ += kSlots;
  if (clock_.At(due_tick_) > std::chrono::steady_clock::now()) co_await WaitForTick();
}

Task<void> FrameClock::Seat::WaitForTick() {
  auto initiate = [this](auto handler) {
    Handler parked(std::move(handler));
    waiting_.swap(parked);  // Boost 1.81's move assignment of one calls itself for ever.
    asio::cancellation_slot slot = asio::get_associated_cancellation_slot(waiting_);
    if (slot.is_connected()) slot.assign([this](asio::cancellation_type) { Resume(); });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate),
                                                                     asio::use_awaitable);
}

void FrameClock::Seat::Wake() {
  if (!waiting_) return;
  asio::cancellation_slot slot = asio::get_associated_cancellation_slot(waiting_);
  if (slot.is_connected()) slot.clear();
  Resume();
}

// Posted, not called: the others of this tick are woken before the first of them works.
void FrameClock::Seat::Resume() {
  Handler woken;
  woken.swap(waiting_);
  if (woken) asio::post(clock_.timer_.get_executor(), std::move(woken));
}

void FrameClock::Seat::NoteSent() {
  clock_.lateness_.Add(std::chrono::steady_clock::now() - clock_.At(due_tick_));
}

}  // namespace latchkey::sandbox
