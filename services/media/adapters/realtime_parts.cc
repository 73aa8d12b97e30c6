#include "services/media/adapters/realtime_parts.h"

#include <utility>

#include "services/media/domain/realtime_conversation.h"
#include "services/media/providers/openai.h"

namespace latchkey::media {
namespace {

class RealtimeParts final : public PhoneParts {
 public:
  RealtimeParts(const CallSpec& spec, const StagePorts& ports, std::unique_ptr<LeasedKeys> leased,
                const Secret& key)
      : PhoneParts(spec, ports, std::move(leased)),
        model_(ports.executor, ports.tls, ports.addresses.openai, spec.agent, key) {}

  std::unique_ptr<Conversation> MakeConversation(const CallSpec& spec, CallLog& log,
                                                 const Clock& clock) override {
    return std::make_unique<RealtimeConversation>(
        spec, RealtimeConversation::Ports{.model = switching_model_,
                                          .tools = tools(),
                                          .leg = leg(),
                                          .log = log,
                                          .clock = clock,
                                          .recorder = recorder()});
  }

 private:
  Task<void> JoinProviders() override { co_await model_.Join(); }

  OpenaiRealtime model_;
  SwitchingRealtimeModel switching_model_{model_, key_switch()};
};

}  // namespace

absl::StatusOr<std::unique_ptr<CallParts>> MakeRealtimeParts(const CallSpec& spec,
                                                             const StagePorts& ports,
                                                             std::unique_ptr<LeasedKeys> leased) {
  const Secret* const key = leased->Find(Provider::kOpenai, "api_key");
  if (key == nullptr || !HasCarrierKey(*leased)) return MissingKeys();
  std::unique_ptr<CallParts> parts =
      std::make_unique<RealtimeParts>(spec, ports, std::move(leased), *key);
  return parts;
}

}  // namespace latchkey::media
