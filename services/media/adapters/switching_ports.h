// The parts of a call that carry a key, each with another version of it at hand: when the provider
// refuses the one, the call hears of it as of any failure that passes.
#pragma once

#include <string>

#include "services/media/adapters/key_switch.h"
#include "services/media/domain/call_ports.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// Each passes everything through, both ways, but for failures. `inner` and `keys` outlive it.
class SwitchingSpeechToText final : public SpeechToText, private SpeechToText::Listener {
 public:
  SwitchingSpeechToText(SpeechToText& inner, KeySwitch& keys) : inner_(inner), keys_(keys) {}

  void Start(Listener& listener) override;
  void Hear(Audio audio) override { inner_.Hear(audio); }
  void Finalize() override { inner_.Finalize(); }
  void Break() override { inner_.Break(); }
  void Stop() override { inner_.Stop(); }

 private:
  void OnTranscript(std::string_view text, bool final, bool ended) override;
  void OnUtteranceEnd() override { listener_->OnUtteranceEnd(); }
  void OnSpeechToTextDown(const absl::Status& why) override;

  SpeechToText& inner_;
  KeySwitch& keys_;
  Listener* listener_ = nullptr;
};

class SwitchingLanguageModel final : public LanguageModel, private LanguageModel::Listener {
 public:
  SwitchingLanguageModel(LanguageModel& inner, KeySwitch& keys) : inner_(inner), keys_(keys) {}

  void Start(Listener& listener) override;
  void Ask(int request, const Prompt& prompt) override { inner_.Ask(request, prompt); }
  void Cancel() override { inner_.Cancel(); }
  void Stop() override { inner_.Stop(); }

 private:
  void OnReplyText(int request, std::string_view delta) override;
  void OnToolUse(int request, const ToolUse& use) override { listener_->OnToolUse(request, use); }
  void OnReplyDone(int request) override;
  void OnReplyFailed(int request, const absl::Status& why) override;

  LanguageModel& inner_;
  KeySwitch& keys_;
  Listener* listener_ = nullptr;
};

class SwitchingTextToSpeech final : public TextToSpeech, private TextToSpeech::Listener {
 public:
  SwitchingTextToSpeech(TextToSpeech& inner, KeySwitch& keys) : inner_(inner), keys_(keys) {}

  void Start(Listener& listener) override;
  void Speak(int context, std::string_view piece, bool last) override;
  void Cancel(int context) override { inner_.Cancel(context); }
  void Break() override { inner_.Break(); }
  void Stop() override { inner_.Stop(); }

 private:
  void OnSpeech(int context, Audio audio) override { listener_->OnSpeech(context, audio); }
  void OnWord(int context, const SpokenWord& word) override { listener_->OnWord(context, word); }
  void OnSpeechDone(int context) override;
  void OnSpeechFailed(int context, const absl::Status& why) override;
  void OnTextToSpeechDown(const absl::Status& why) override;

  TextToSpeech& inner_;
  KeySwitch& keys_;
  Listener* listener_ = nullptr;
};

class SwitchingRealtimeModel final : public RealtimeModel, private RealtimeModel::Listener {
 public:
  SwitchingRealtimeModel(RealtimeModel& inner, KeySwitch& keys) : inner_(inner), keys_(keys) {}

  void Start(Listener& listener) override;
  void Hear(Audio audio) override { inner_.Hear(audio); }
  void Recall(const std::vector<Said>& messages) override { inner_.Recall(messages); }
  void Respond(std::string_view instructions) override { inner_.Respond(instructions); }
  void RespondInWords() override { inner_.RespondInWords(); }
  void CancelResponse() override { inner_.CancelResponse(); }
  void Truncate(std::string_view item, int64_t heard) override { inner_.Truncate(item, heard); }
  void AnswerTool(std::string_view id, std::string_view output) override;
  void Break() override { inner_.Break(); }
  void Stop() override { inner_.Stop(); }

 private:
  void OnSessionReady(absl::Time expire_time) override { listener_->OnSessionReady(expire_time); }
  void OnCalleeStarted(int64_t at) override { listener_->OnCalleeStarted(at); }
  void OnCalleeStopped(int64_t at) override { listener_->OnCalleeStopped(at); }
  void OnCalleeItem(std::string_view item) override { listener_->OnCalleeItem(item); }
  void OnCalleeWords(std::string_view item, std::string_view words) override;
  void OnResponse(std::string_view response) override { listener_->OnResponse(response); }
  void OnAgentAudio(std::string_view response, std::string_view item, Audio audio) override;
  void OnAgentWords(std::string_view response, std::string_view delta) override;
  void OnAgentItemDone(std::string_view response, std::string_view item) override;
  void OnToolUse(std::string_view response, const ToolUse& use) override;
  void OnResponseDone(std::string_view response, const ResponseEnd& end) override;
  void OnRealtimeDown(const absl::Status& why) override;

  RealtimeModel& inner_;
  KeySwitch& keys_;
  Listener* listener_ = nullptr;
};

// A request that Twilio refused for its key was not done, so it is sent again with the other.
class SwitchingCarrier final : public Carrier {
 public:
  SwitchingCarrier(Carrier& inner, KeySwitch& keys) : inner_(inner), keys_(keys) {}

  Task<absl::StatusOr<std::string>> Place(const CallSpec& spec) override;
  Task<absl::StatusOr<std::string>> FindPlaced(const std::string& from, const std::string& to,
                                               absl::Time not_before) override;
  Task<absl::StatusOr<CarrierCall>> Fetch(const std::string& carrier_call_id) override;
  Task<absl::Status> HangUp(const std::string& carrier_call_id) override;
  Task<absl::Status> SayAndHangUp(const std::string& carrier_call_id,
                                  const std::string& text) override;
  Task<absl::Status> Transfer(const std::string& carrier_call_id,
                              const TransferOrder& order) override;

 private:
  Task<bool> Again(const absl::Status& why) { return keys_.Replaced(Provider::kTwilio, why); }

  Carrier& inner_;
  KeySwitch& keys_;
};

}  // namespace latchkey::media
