// Fakes of everything that a call asks of the world, with memory and with switches for failure.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "services/media/domain/call_ports.h"
#include "services/media/domain/mulaw.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/tool_runner.h"

namespace latchkey::media {

// `ms` of a loud tone, or of silence, in mu-law.
inline std::vector<uint8_t> Tone(int ms) {
  std::vector<uint8_t> audio(static_cast<size_t>(ms) * 8);
  for (size_t i = 0; i < audio.size(); ++i) audio[i] = i % 16 < 8 ? 0x90 : 0x10;
  return audio;
}
inline std::vector<uint8_t> Quiet(int ms) {
  return std::vector<uint8_t>(static_cast<size_t>(ms) * 8, kSilence);
}

class FakeSpeechToText final : public SpeechToText {
 public:
  void Start(Listener& told) override { listener = &told, ++starts; }
  void Hear(Audio audio) override { heard.insert(heard.end(), audio.begin(), audio.end()); }
  void Finalize() override { ++finalizes; }
  void Break() override { ++breaks; }
  void Stop() override { stopped = true; }

  // What the callee said, as a final transcript that ends the turn.
  void Say(std::string_view text) { listener->OnTranscript(text, true, true); }

  Listener* listener = nullptr;
  int starts = 0;
  int finalizes = 0;
  int breaks = 0;
  bool stopped = false;
  std::vector<uint8_t> heard;
};

class FakeLanguageModel final : public LanguageModel {
 public:
  void Start(Listener& told) override { listener = &told; }
  void Ask(int request, const Prompt& prompt) override {
    current = request;
    ++asked;
    messages = *prompt.messages;
    may_use_tools = prompt.may_use_tools;
  }
  void Cancel() override { ++cancels; }
  void Stop() override { stopped = true; }

  // Writes `text` in one delta each, and ends.
  void Reply(std::vector<std::string> deltas) {
    for (const std::string& delta : deltas) listener->OnReplyText(current, delta);
    listener->OnReplyDone(current);
  }
  // The same, with what it wants done.
  void Use(std::vector<std::string> deltas, const std::vector<ToolUse>& uses) {
    for (const std::string& delta : deltas) listener->OnReplyText(current, delta);
    for (const ToolUse& use : uses) listener->OnToolUse(current, use);
    listener->OnReplyDone(current);
  }

  Listener* listener = nullptr;
  int current = 0;
  int asked = 0;
  int cancels = 0;
  bool stopped = false;
  std::vector<Said> messages;
  bool may_use_tools = true;
};

class FakeToolRunner final : public ToolRunner {
 public:
  struct Wanted {
    int run = 0;
    ToolUse use;
    absl::Duration timeout;
  };
  void Start(Listener& told) override { listener = &told; }
  void Run(int run, const ToolUse& use, absl::Duration timeout) override {
    wanted.push_back({run, use, timeout});
  }
  void Stop() override { stopped = true; }

  Listener* listener = nullptr;
  std::vector<Wanted> wanted;
  bool stopped = false;
};

class FakeTextToSpeech final : public TextToSpeech {
 public:
  void Start(Listener& told) override { listener = &told, ++starts; }
  void Speak(int context, std::string_view piece, bool last) override {
    texts[context] += piece;
    pieces.emplace_back(context, piece);
    if (last) ended[context] = true;
  }
  void Cancel(int context) override { cancelled.push_back(context); }
  void Break() override { ++breaks; }
  void Stop() override { stopped = true; }

  // Speaks what has been given to `context` and not yet spoken: 100 ms and a time for each word.
  void Synthesize(int context) {
    std::string& text = texts[context];
    size_t at = spoken[context];
    while (at < text.size()) {
      const size_t end = std::min(text.find(' ', at), text.size());
      const std::string word = text.substr(at, end - at);
      const absl::Duration start = absl::Milliseconds(100 * words[context]++);
      if (!word.empty()) {
        listener->OnWord(context,
                         {.text = word, .start = start, .end = start + absl::Milliseconds(100)});
        listener->OnSpeech(context, Tone(100));
      }
      at = end + 1;
    }
    spoken[context] = text.size();
    if (ended[context]) listener->OnSpeechDone(context);
  }
  int last_context() const { return pieces.empty() ? 0 : pieces.back().first; }

  Listener* listener = nullptr;
  int starts = 0;
  int breaks = 0;
  bool stopped = false;
  std::map<int, std::string> texts;
  std::map<int, bool> ended;
  std::map<int, size_t> spoken;
  std::map<int, int> words;
  std::vector<std::pair<int, std::string>> pieces;
  std::vector<int> cancelled;
};

class FakeCarrierLeg final : public CarrierLeg {
 public:
  void Play(Audio audio) override {
    played += static_cast<int64_t>(audio.size());
    end = std::max(end, now) + static_cast<int64_t>(audio.size());
  }
  void Mark(int64_t mark) override { marks.emplace_back(mark, end); }
  void Clear() override {
    ++clears;
    end = now;
    for (auto& [mark, due] : marks) due = now;
  }
  void Close() override { closed = true; }

  // The marks that come back at `position` on the carrier's clock.
  std::vector<int64_t> TakeDue(int64_t position) {
    now = position;
    std::vector<int64_t> due;
    while (!marks.empty() && marks.front().second <= now) {
      due.push_back(marks.front().first);
      marks.pop_front();
    }
    return due;
  }

  int64_t now = 0;     // Samples since the stream began.
  int64_t end = 0;     // When all will have been played.
  int64_t played = 0;  // In all.
  int clears = 0;
  bool closed = false;
  std::deque<std::pair<int64_t, int64_t>> marks;  // With the time when each is due.
};

class FakeRecorder final : public Recorder {
 public:
  void Write(Audio left, Audio right) override {
    callee.insert(callee.end(), left.begin(), left.end());
    agent.insert(agent.end(), right.begin(), right.end());
  }
  std::vector<uint8_t> callee;
  std::vector<uint8_t> agent;
};

class FakeCallLog final : public CallLog {
 public:
  void Append(absl::Time, CallEvent event) override { events.push_back(std::move(event)); }

  template <typename T>
  std::vector<T> All() const {
    std::vector<T> all;
    for (const CallEvent& event : events) {
      if (const T* one = std::get_if<T>(&event)) all.push_back(*one);
    }
    return all;
  }
  std::vector<CallEvent> events;
};

class FakeCarrier final : public Carrier {
 public:
  Task<absl::StatusOr<std::string>> Place(const CallSpec&) override {
    ++places;
    if (places <= limited) co_return Error(absl::StatusCode::kResourceExhausted, "limited", "");
    co_return place;
  }
  Task<absl::StatusOr<std::string>> FindPlaced(const std::string&, const std::string&,
                                               absl::Time) override {
    ++look_ups;
    if (look_ups <= hidden) co_return std::string();
    co_return found;
  }
  Task<absl::StatusOr<CarrierCall>> Fetch(const std::string&) override {
    ++fetches;
    co_return call;
  }
  Task<absl::Status> HangUp(const std::string&) override {
    ++hang_ups;
    if (hang_ups <= hang_up_failures) {
      co_return Error(absl::StatusCode::kUnavailable, "carrier_unreachable", "");
    }
    call.state = CarrierCall::State::kCompleted;
    co_return absl::OkStatus();
  }
  Task<absl::Status> SayAndHangUp(const std::string&, const std::string& text) override {
    said = text;
    co_return absl::OkStatus();
  }
  Task<absl::Status> Transfer(const std::string&, const TransferOrder& order) override {
    transferred.push_back(order);
    co_return transfer;
  }

  absl::StatusOr<std::string> place = std::string("CA1");
  absl::StatusOr<std::string> found = std::string();
  CarrierCall call{.state = CarrierCall::State::kCompleted, .duration = absl::Seconds(42)};
  int places = 0;
  int limited = 0;  // So many calls are not placed, because of a limit that passes.
  int look_ups = 0;
  int hidden = 0;  // So many look-ups find nothing.
  int fetches = 0;
  int hang_ups = 0;
  int hang_up_failures = 0;
  absl::Status transfer;
  std::vector<TransferOrder> transferred;
  std::string said;
};

class FakeReports final : public CallReports {
 public:
  Task<absl::StatusOr<bool>> Progress(const std::string&, const std::string& state,
                                      const std::string& carrier_call_id, absl::Time) override {
    states.push_back(state + "/" + carrier_call_id);
    co_return ended;
  }
  Task<absl::Status> Complete(const std::string&, const Outcome& told) override {
    ++completes;
    outcome = told;
    co_return completes <= failures ? Error(absl::StatusCode::kUnavailable, "gone", "")
                                    : absl::OkStatus();
  }

  bool ended = false;
  int failures = 0;
  int completes = 0;
  std::vector<std::string> states;
  std::optional<Outcome> outcome;
};

}  // namespace latchkey::media
