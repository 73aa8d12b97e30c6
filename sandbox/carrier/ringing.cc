#include "sandbox/carrier/ringing.h"

#include <algorithm>
#include <utility>

namespace latchkey::sandbox {
namespace {

RingOutcome OutcomeOf(Callee::Answer answer) {
  switch (answer) {
    case Callee::Answer::kAnswers:
      return {CallStatus::kInProgress, 200};
    case Callee::Answer::kBusy:
      return {CallStatus::kBusy, 486};
    case Callee::Answer::kRejects:
      return {CallStatus::kBusy, 603};
    case Callee::Answer::kUnreachable:
      return {CallStatus::kFailed, 404};
    case Callee::Answer::kNoAnswer:
      break;
  }
  return {CallStatus::kNoAnswer, 487};
}

}  // namespace

Task<RingOutcome> Ring(const CallSurroundings& surroundings, std::shared_ptr<PhoneCall> call,
                       Callee callee, absl::Duration ring_max) {
  const bool patient = callee.answer == Callee::Answer::kNoAnswer;
  const bool in_time = !patient && callee.ring <= ring_max;
  const absl::Duration ring = in_time ? callee.ring : ring_max;
  const bool wanted = co_await WaitWhileWanted(surroundings.clock, call, ring);
  if (!wanted) co_return RingOutcome{CallStatus::kCanceled, 487};
  co_return OutcomeOf(in_time ? callee.answer : Callee::Answer::kNoAnswer);
}

Task<bool> WaitWhileWanted(Clock& clock, std::shared_ptr<PhoneCall> call, absl::Duration duration) {
  constexpr absl::Duration kStep = absl::Milliseconds(20);
  const absl::Time end = clock.Now() + duration;
  while (!call->end_asked && clock.Now() < end) {
    co_await clock.SleepUntil(std::min(end, clock.Now() + kStep));
  }
  co_return !call->end_asked;
}

Task<std::unique_ptr<CalleePhone>> PickUp(const CallSurroundings& surroundings, Callee callee) {
  const std::shared_ptr<const Scenario> scenario = surroundings.stage.scenario();
  LineAudio audio;
  const std::vector<std::string> sentences = callee.Sentences();
  for (const std::string& sentence : sentences) {
    absl::StatusOr<std::shared_ptr<const Speech>> speech =
        co_await surroundings.speech.synthesizer().Speak(scenario->callee_voice, sentence);
    if (speech.ok()) audio[sentence] = *speech;
  }
  co_return std::make_unique<CalleePhone>(callee, std::move(audio));
}

}  // namespace latchkey::sandbox
