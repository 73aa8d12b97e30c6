#include "sandbox/callee/call_judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/speech/frame.h"

namespace latchkey::sandbox {
namespace {

constexpr absl::Duration kFrame = absl::Milliseconds(kFrameMs);

std::vector<int64_t> InMilliseconds(const std::vector<absl::Duration>& durations) {
  std::vector<int64_t> milliseconds;
  milliseconds.reserve(durations.size());
  for (absl::Duration duration : durations) {
    milliseconds.push_back(absl::ToInt64Milliseconds(duration));
  }
  return milliseconds;
}

}  // namespace

absl::Duration CallJudge::position() const { return frames_ * kFrame; }

void CallJudge::OnFrame(bool played, bool agent_loud, bool callee_loud, bool aside_loud) {
  speaks_now_.reset();
  if (played) ++frames_heard_;
  if (aside_loud) Note(Spoken::Who::kAside);
  if (agent_loud) Note(Spoken::Who::kAgent);
  if (callee_loud) Note(Spoken::Who::kCallee);
  ++frames_;
}

void CallJudge::Note(Spoken::Who who) {
  speaks_now_ = who;
  const auto is_same = [&](const Spoken& spoken) { return spoken.who == who; };
  const auto last = std::find_if(speech_.rbegin(), speech_.rend(), is_same);
  if (last != speech_.rend() && position() - last->end <= kPauseMax) {
    last->end = position() + kFrame;
  } else {
    speech_.push_back({who, position(), position() + kFrame});
  }
}

Judgement CallJudge::Judge() const {
  Judgement judgement;
  judgement.speech = speech_;
  judgement.frames_heard = frames_heard_;
  for (const Spoken& spoken : speech_) {
    if (spoken.who == Spoken::Who::kAgent) {
      if (!judgement.first_word) judgement.first_word = spoken.start;
      continue;
    }
    if (spoken.who == Spoken::Who::kAside) continue;
    for (const Spoken& other : speech_) {
      if (other.who != Spoken::Who::kAgent) continue;
      const bool interrupted = other.start < spoken.start && other.end > spoken.start;
      if (interrupted) judgement.barge_in.push_back(other.end - spoken.start);
      if (other.start < spoken.end) continue;
      judgement.voice_to_voice.push_back(other.start - spoken.end);
      break;
    }
  }
  return judgement;
}

std::string_view Name(Spoken::Who who) {
  switch (who) {
    case Spoken::Who::kAgent:
      return "agent";
    case Spoken::Who::kCallee:
      return "callee";
    case Spoken::Who::kAside:
      break;
  }
  return "aside";
}

std::string ToJson(const Judgement& judgement) {
  std::vector<std::string> speech;
  for (const Spoken& spoken : judgement.speech) {
    speech.push_back(fmt::format(R"({{"who":"{}","start_ms":{},"end_ms":{}}})", Name(spoken.who),
                                 absl::ToInt64Milliseconds(spoken.start),
                                 absl::ToInt64Milliseconds(spoken.end)));
  }
  const std::string first_word =
      judgement.first_word ? fmt::to_string(absl::ToInt64Milliseconds(*judgement.first_word))
                           : "null";
  return fmt::format(R"({{"first_word_ms":{},"frames_heard":{},"speech":[{}],)"
                     R"("voice_to_voice_ms":[{}],"barge_in_ms":[{}]}})",
                     first_word, judgement.frames_heard, fmt::join(speech, ","),
                     fmt::join(InMilliseconds(judgement.voice_to_voice), ","),
                     fmt::join(InMilliseconds(judgement.barge_in), ","));
}

}  // namespace latchkey::sandbox
