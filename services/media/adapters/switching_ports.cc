#include "services/media/adapters/switching_ports.h"

namespace latchkey::media {

void SwitchingSpeechToText::Start(Listener& listener) {
  listener_ = &listener;
  inner_.Start(*this);
}

void SwitchingSpeechToText::OnTranscript(std::string_view text, bool final, bool ended) {
  if (final) keys_.Worked(Provider::kDeepgram);
  listener_->OnTranscript(text, final, ended);
}

void SwitchingSpeechToText::OnSpeechToTextDown(const absl::Status& why) {
  keys_.Explain(Provider::kDeepgram, why,
                [this](const absl::Status& told) { listener_->OnSpeechToTextDown(told); });
}

void SwitchingLanguageModel::Start(Listener& listener) {
  listener_ = &listener;
  inner_.Start(*this);
}

void SwitchingLanguageModel::OnReplyText(int request, std::string_view delta) {
  listener_->OnReplyText(request, delta);
}

void SwitchingLanguageModel::OnReplyDone(int request) {
  keys_.Worked(Provider::kAnthropic);
  listener_->OnReplyDone(request);
}

void SwitchingLanguageModel::OnReplyFailed(int request, const absl::Status& why) {
  keys_.Explain(Provider::kAnthropic, why, [this, request](const absl::Status& told) {
    listener_->OnReplyFailed(request, told);
  });
}

void SwitchingTextToSpeech::Start(Listener& listener) {
  listener_ = &listener;
  inner_.Start(*this);
}

void SwitchingTextToSpeech::Speak(int context, std::string_view piece, bool last) {
  inner_.Speak(context, piece, last);
}

void SwitchingTextToSpeech::OnSpeechDone(int context) {
  keys_.Worked(Provider::kCartesia);
  listener_->OnSpeechDone(context);
}

void SwitchingTextToSpeech::OnSpeechFailed(int context, const absl::Status& why) {
  keys_.Explain(Provider::kCartesia, why, [this, context](const absl::Status& told) {
    // What stands was opened with the other key.
    if (absl::IsAborted(told)) inner_.Break();
    listener_->OnSpeechFailed(context, told);
  });
}

void SwitchingTextToSpeech::OnTextToSpeechDown(const absl::Status& why) {
  keys_.Explain(Provider::kCartesia, why,
                [this](const absl::Status& told) { listener_->OnTextToSpeechDown(told); });
}

void SwitchingRealtimeModel::Start(Listener& listener) {
  listener_ = &listener;
  inner_.Start(*this);
}

void SwitchingRealtimeModel::AnswerTool(std::string_view id, std::string_view output) {
  inner_.AnswerTool(id, output);
}

void SwitchingRealtimeModel::OnCalleeWords(std::string_view item, std::string_view words) {
  listener_->OnCalleeWords(item, words);
}

void SwitchingRealtimeModel::OnAgentAudio(std::string_view response, std::string_view item,
                                          Audio audio) {
  listener_->OnAgentAudio(response, item, audio);
}

void SwitchingRealtimeModel::OnAgentWords(std::string_view response, std::string_view delta) {
  listener_->OnAgentWords(response, delta);
}

void SwitchingRealtimeModel::OnAgentItemDone(std::string_view response, std::string_view item) {
  listener_->OnAgentItemDone(response, item);
}

void SwitchingRealtimeModel::OnToolUse(std::string_view response, const ToolUse& use) {
  listener_->OnToolUse(response, use);
}

void SwitchingRealtimeModel::OnResponseDone(std::string_view response, const ResponseEnd& end) {
  if (end.failure.ok()) keys_.Worked(Provider::kOpenai);
  if (!absl::IsUnauthenticated(end.failure)) {
    keys_.Failed(Provider::kOpenai, end.failure);
    return listener_->OnResponseDone(response, end);
  }
  const std::string name(response);
  keys_.Explain(Provider::kOpenai, end.failure, [this, name, end](const absl::Status& told) {
    ResponseEnd explained = end;
    explained.failure = told;
    // What stands was opened with the other key.
    if (absl::IsAborted(told)) inner_.Break();
    listener_->OnResponseDone(name, explained);
  });
}

void SwitchingRealtimeModel::OnRealtimeDown(const absl::Status& why) {
  keys_.Explain(Provider::kOpenai, why,
                [this](const absl::Status& told) { listener_->OnRealtimeDown(told); });
}

Task<absl::StatusOr<std::string>> SwitchingCarrier::Place(const CallSpec& spec) {
  absl::StatusOr<std::string> placed = co_await inner_.Place(spec);
  const bool again = co_await Again(placed.status());
  if (again) placed = co_await inner_.Place(spec);
  co_return placed;
}

Task<absl::StatusOr<std::string>> SwitchingCarrier::FindPlaced(const std::string& from,
                                                               const std::string& to,
                                                               absl::Time not_before) {
  absl::StatusOr<std::string> found = co_await inner_.FindPlaced(from, to, not_before);
  const bool again = co_await Again(found.status());
  if (again) found = co_await inner_.FindPlaced(from, to, not_before);
  co_return found;
}

Task<absl::StatusOr<CarrierCall>> SwitchingCarrier::Fetch(const std::string& carrier_call_id) {
  absl::StatusOr<CarrierCall> call = co_await inner_.Fetch(carrier_call_id);
  const bool again = co_await Again(call.status());
  if (again) call = co_await inner_.Fetch(carrier_call_id);
  co_return call;
}

Task<absl::Status> SwitchingCarrier::HangUp(const std::string& carrier_call_id) {
  absl::Status ended = co_await inner_.HangUp(carrier_call_id);
  const bool again = co_await Again(ended);
  if (again) ended = co_await inner_.HangUp(carrier_call_id);
  co_return ended;
}

Task<absl::Status> SwitchingCarrier::SayAndHangUp(const std::string& carrier_call_id,
                                                  const std::string& text) {
  absl::Status said = co_await inner_.SayAndHangUp(carrier_call_id, text);
  const bool again = co_await Again(said);
  if (again) said = co_await inner_.SayAndHangUp(carrier_call_id, text);
  co_return said;
}

Task<absl::Status> SwitchingCarrier::Transfer(const std::string& carrier_call_id,
                                              const TransferOrder& order) {
  absl::Status moved = co_await inner_.Transfer(carrier_call_id, order);
  const bool again = co_await Again(moved);
  if (again) moved = co_await inner_.Transfer(carrier_call_id, order);
  co_return moved;
}

}  // namespace latchkey::media
