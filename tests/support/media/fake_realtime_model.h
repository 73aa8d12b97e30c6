// FakeRealtimeModel: a realtime model that says and hears what a test tells it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/media/domain/ports.h"
#include "tests/support/media/fake_ports.h"

namespace latchkey::media {

class FakeRealtimeModel final : public RealtimeModel {
 public:
  void Start(Listener& told) override { listener = &told, ++starts, heard.clear(); }
  void Hear(Audio audio) override { heard.insert(heard.end(), audio.begin(), audio.end()); }
  void Recall(const std::vector<Said>& messages) override { recalled = messages; }
  void Respond(std::string_view instructions) override { asked.emplace_back(instructions); }
  void RespondInWords() override { asked.emplace_back(kInWords); }
  void CancelResponse() override { ++cancels; }
  void Truncate(std::string_view item, int64_t samples) override {
    cuts.emplace_back(item, samples);
  }
  void AnswerTool(std::string_view id, std::string_view output) override {
    answers.emplace_back(id, output);
  }
  void Break() override { ++breaks; }
  void Stop() override { stopped = true; }

  // The provider has set the session up.
  void BeReady(absl::Time expire_time = absl::InfiniteFuture()) {
    listener->OnSessionReady(expire_time);
  }
  // The model says `text` in `ms` of sound, as a response and an item of their own: "r1", "i1".
  // `done`: that is all.
  void Say(std::string_view text, int ms, bool done = true) {
    const std::string number = std::to_string(++responses);
    listener->OnResponse("r" + number);
    listener->OnAgentWords("r" + number, text);
    Sound(ms);
    if (done) End(ResponseEnd::Kind::kCompleted);
  }
  // A response that wants these done; and says nothing.
  void Use(const std::vector<ToolUse>& uses) {
    const std::string number = std::to_string(++responses);
    listener->OnResponse("r" + number);
    for (const ToolUse& use : uses) listener->OnToolUse("r" + number, use);
    listener->OnResponseDone("r" + number, {});
  }
  // More sound of the response under way.
  void Sound(int ms) {
    const std::string number = std::to_string(responses);
    const std::vector<uint8_t> tone = Tone(ms);
    for (size_t at = 0; at < tone.size(); at += 1600) {
      const size_t size = std::min<size_t>(1600, tone.size() - at);
      listener->OnAgentAudio("r" + number, "i" + number, Audio(tone).subspan(at, size));
    }
  }
  void End(ResponseEnd::Kind kind, const absl::Status& failure = absl::OkStatus()) {
    const std::string number = std::to_string(responses);
    if (kind == ResponseEnd::Kind::kCompleted) {
      listener->OnAgentItemDone("r" + number, "i" + number);
    }
    listener->OnResponseDone("r" + number, {.kind = kind, .failure = failure, .usage = usage});
  }
  // The callee has spoken, from and to a sample of the session's, as item "c1".
  void Hear(int64_t start, int64_t end, std::string_view words) {
    const std::string item = "c" + std::to_string(++turns);
    listener->OnCalleeStarted(start);
    listener->OnCalleeStopped(end);
    listener->OnCalleeItem(item);
    if (!words.empty()) listener->OnCalleeWords(item, words);
  }

  // Stands in `asked` for a response without tools.
  static constexpr std::string_view kInWords = "[in words]";

  Listener* listener = nullptr;
  int starts = 0;
  int cancels = 0;
  int breaks = 0;
  int responses = 0;
  int turns = 0;
  bool stopped = false;
  TokenUsage usage{.input_text = 100, .input_audio = 20, .output_text = 10, .output_audio = 40};
  std::vector<uint8_t> heard;  // By this session.
  std::vector<Said> recalled;
  std::vector<std::string> asked;
  std::vector<std::pair<std::string, int64_t>> cuts;
  std::vector<std::pair<std::string, std::string>> answers;
};

}  // namespace latchkey::media
