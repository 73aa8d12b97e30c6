// CallTest: one call with parts that are all fakes, under simulated time.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "lib/base/spawn.h"
#include "services/media/domain/call.h"
#include "tests/support/media/fake_parts.h"
#include "tests/support/simulated_clock.h"

namespace latchkey::media {

inline CallSpec Spec() {
  CallSpec spec;
  spec.call_id = "call_1";
  spec.from = "+15550100";
  spec.to = "+14155550100";
  spec.agent.first_message = "Hello.";
  return spec;
}

class CallTest : public ::testing::Test {
 protected:
  explicit CallTest(CallSpec spec = Spec()) : spec_(std::move(spec)) {}

  void Start() {
    Spawn(io_.get_executor(), "test call", Run());
    Pass(absl::Milliseconds(100));
  }
  Task<void> Run() {
    co_await call_.Run();
    over_ = true;
  }
  void Pass(absl::Duration time) {
    for (absl::Duration passed; passed < time; passed += absl::Milliseconds(50)) {
      io_.restart();
      io_.poll();
      clock_.Advance(absl::Milliseconds(50));
    }
    io_.restart();
    io_.poll();
  }
  void Answer() {
    call_.OnCarrierState(CarrierCall::State::kRinging);
    Pass(absl::Milliseconds(100));
    world_.tts.Synthesize(1);
    world_.stream->OnStreamStart();
    Pass(absl::Milliseconds(100));
  }

  boost::asio::io_context io_{1};
  SimulatedClock clock_;
  FakeWorld world_;
  FakeCallStage stage_{world_};
  FakeReports reports_;
  FakeCallLog log_;
  const CallSpec spec_;
  Call call_{spec_, {}, {.stage = stage_, .reports = reports_, .log = log_, .clock = clock_}};
  bool over_ = false;
};

}  // namespace latchkey::media
