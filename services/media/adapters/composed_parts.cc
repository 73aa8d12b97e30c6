#include "services/media/adapters/composed_parts.h"

#include <utility>

#include "services/media/domain/composed_conversation.h"
#include "services/media/providers/anthropic.h"
#include "services/media/providers/cartesia.h"
#include "services/media/providers/deepgram.h"

namespace latchkey::media {
namespace {

// The keys that a composed call uses besides the carrier's; they lie in the leased ones.
struct ComposedKeys {
  const Secret* anthropic = nullptr;
  const Secret* cartesia = nullptr;
  const Secret* deepgram = nullptr;
};

class ComposedParts final : public PhoneParts {
 public:
  ComposedParts(const CallSpec& spec, const StagePorts& ports, std::unique_ptr<LeasedKeys> leased,
                const ComposedKeys& keys)
      : PhoneParts(spec, ports, std::move(leased)),
        stt_(ports.executor, ports.tls, ports.addresses.deepgram, spec.agent, *keys.deepgram),
        llm_(ports.executor, ports.client, ports.addresses.anthropic, *keys.anthropic,
             [this](int calls) { witness().Told(Provider::kAnthropic, calls); }),
        tts_(ports.executor, ports.tls, ports.addresses.cartesia, spec.call_id, spec.agent,
             *keys.cartesia) {}

  std::unique_ptr<Conversation> MakeConversation(const CallSpec& spec, CallLog& log,
                                                 const Clock& clock) override {
    return std::make_unique<ComposedConversation>(
        spec, ComposedConversation::Ports{.stt = switching_stt_,
                                          .llm = switching_llm_,
                                          .tts = switching_tts_,
                                          .tools = tools(),
                                          .leg = leg(),
                                          .log = log,
                                          .clock = clock,
                                          .recorder = recorder()});
  }

 private:
  Task<void> JoinProviders() override {
    co_await stt_.Join();
    co_await llm_.Join();
    co_await tts_.Join();
  }

  DeepgramSpeechToText stt_;
  AnthropicLanguageModel llm_;
  CartesiaTextToSpeech tts_;
  SwitchingSpeechToText switching_stt_{stt_, key_switch()};
  SwitchingLanguageModel switching_llm_{llm_, key_switch()};
  SwitchingTextToSpeech switching_tts_{tts_, key_switch()};
};

}  // namespace

absl::StatusOr<std::unique_ptr<CallParts>> MakeComposedParts(const CallSpec& spec,
                                                             const StagePorts& ports,
                                                             std::unique_ptr<LeasedKeys> leased) {
  const ComposedKeys keys{.anthropic = leased->Find(Provider::kAnthropic, "api_key"),
                          .cartesia = leased->Find(Provider::kCartesia, "api_key"),
                          .deepgram = leased->Find(Provider::kDeepgram, "api_key")};
  if (keys.anthropic == nullptr || keys.cartesia == nullptr || keys.deepgram == nullptr ||
      !HasCarrierKey(*leased)) {
    return MissingKeys();
  }
  std::unique_ptr<CallParts> parts =
      std::make_unique<ComposedParts>(spec, ports, std::move(leased), keys);
  return parts;
}

}  // namespace latchkey::media
