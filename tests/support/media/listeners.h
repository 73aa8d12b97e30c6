// Listeners that remember what they were told.
#pragma once

#include <string>
#include <vector>

#include "lib/base/error.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

struct RememberingStt final : SpeechToText::Listener {
  void OnTranscript(std::string_view text, bool final, bool ended) override {
    if (final && ended) told.emplace_back(text);
  }
  void OnUtteranceEnd() override { told.emplace_back("end"); }
  void OnSpeechToTextDown(const absl::Status& why) override { told.push_back(Reason(why)); }
  std::vector<std::string> told;
};

struct RememberingLlm final : LanguageModel::Listener {
  void OnReplyText(int request, std::string_view delta) override {
    told.push_back(std::to_string(request) + " " + std::string(delta));
  }
  void OnToolUse(int request, const ToolUse& use) override {
    told.push_back(std::to_string(request) + " " + use.name + use.arguments);
  }
  void OnReplyDone(int request) override { told.push_back(std::to_string(request) + " done"); }
  void OnReplyFailed(int request, const absl::Status& why) override {
    told.push_back(std::to_string(request) + " " + Reason(why));
  }
  std::vector<std::string> told;
};

struct RememberingRealtime final : RealtimeModel::Listener {
  void OnSessionReady(absl::Time) override { told.emplace_back("ready"); }
  void OnCalleeStarted(int64_t) override { told.emplace_back("started"); }
  void OnCalleeStopped(int64_t) override { told.emplace_back("stopped"); }
  void OnCalleeItem(std::string_view item) override { Tell("heard", item); }
  void OnCalleeWords(std::string_view item, std::string_view words) override { Tell(item, words); }
  void OnResponse(std::string_view response) override { Tell("response", response); }
  void OnAgentAudio(std::string_view response, std::string_view item, Audio audio) override {
    Tell(response, std::string(item) + " audio");
    samples += audio.size();
  }
  void OnAgentWords(std::string_view response, std::string_view delta) override {
    Tell(response, delta);
  }
  void OnAgentItemDone(std::string_view response, std::string_view item) override {
    Tell(response, std::string(item) + " done");
  }
  void OnToolUse(std::string_view response, const ToolUse& use) override {
    Tell(response, use.name + " " + use.id + " " + use.arguments);
  }
  void OnResponseDone(std::string_view response, const ResponseEnd& end) override {
    Tell(response, "done, " + std::to_string(end.usage.output_audio) + " tokens");
  }
  void OnRealtimeDown(const absl::Status& why) override { told.push_back(Reason(why)); }
  void Tell(std::string_view what, std::string_view more) {
    told.push_back(std::string(what) + " " + std::string(more));
  }
  std::vector<std::string> told;
  size_t samples = 0;
};

struct RememberingTts final : TextToSpeech::Listener {
  void OnSpeech(int context, Audio audio) override {
    told.push_back(std::to_string(context) + " audio");
    samples += audio.size();
  }
  void OnWord(int context, const SpokenWord& word) override {
    told.push_back(std::to_string(context) + " " + std::string(word.text));
  }
  void OnSpeechDone(int context) override { told.push_back(std::to_string(context) + " done"); }
  void OnSpeechFailed(int context, const absl::Status& why) override {
    told.push_back(std::to_string(context) + " " + Reason(why));
  }
  void OnTextToSpeechDown(const absl::Status& why) override { told.push_back(Reason(why)); }
  std::vector<std::string> told;
  size_t samples = 0;
};

}  // namespace latchkey::media
