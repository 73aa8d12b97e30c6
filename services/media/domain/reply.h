// Reply: what the LLM answers to one turn, on its way to the speaker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/sentence_splitter.h"
#include "services/media/domain/speaker.h"

namespace latchkey::media {

// One reply at a time, sentence by sentence. Nobody on the phone waits in silence: a filler bridges
// a slow first sentence; an LLM that fails before it is asked again; one that fails after it has
// its whole sentences said, and the callee is asked to say it again. Whatever comes late for an old
// reply is told by its number and dropped. A state machine without I/O.
class Reply final : public LanguageModel::Listener {
 public:
  // What the reply cannot decide alone.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnFirstToken() = 0;
    // All of it has been given to the speaker. `said`: there was something to be said; only a
    // reply with uses may have none.
    virtual void OnReplyWhole(bool said, std::vector<ToolUse> uses) = 0;
    virtual void OnRecovered(Party party, const absl::Status& from) = 0;
    virtual void OnLost(Party party, const absl::Status& why) = 0;
  };

  // All outlive it, as does whatever Ask() is given.
  Reply(LanguageModel& llm, const Clock& clock, Speaker& speaker, const AgentSettings& agent,
        const std::vector<ToolDeclaration>& tools, Owner& owner);

  // While it rings: connects.
  void Prepare() { llm_.Start(*this); }
  // Begins an utterance of the speaker's, and asks for what it shall say.
  void Ask(const std::vector<Said>& messages, bool may_use_tools);
  // The callee has the floor. Gives what was written and not yet given to the speaker.
  std::string Cancel();
  // Retries and deadlines.
  void Tick(absl::Time now);
  void Stop();

  // LanguageModel::Listener
  void OnReplyText(int request, std::string_view delta) override;
  void OnToolUse(int request, const ToolUse& use) override;
  void OnReplyDone(int request) override;
  void OnReplyFailed(int request, const absl::Status& why) override;

 private:
  bool live(int request) const { return waiting_ && request == request_; }

  void AskOnce();
  void Bridge(absl::Time now);
  void SayWhole(absl::Time now);
  void SaySentence(std::string_view sentence);
  bool Stalled(absl::Time now) const;
  void BreakOff(const absl::Status& why);
  void Complete(std::string_view rest);
  void Recover();
  void Rest();

  LanguageModel& llm_;
  const Clock& clock_;
  Speaker& speaker_;
  const AgentSettings& agent_;
  const std::string system_;
  const std::vector<ToolDeclaration>& tools_;
  Owner& owner_;
  FailurePolicy policy_{Party::kLanguageModel};
  SentenceSplitter splitter_;
  const std::vector<Said>* messages_ = nullptr;
  int request_ = 0;
  bool waiting_ = false;   // For the rest of the reply.
  bool has_text_ = false;  // Something has been written.
  bool said_ = false;      // A sentence of it has been given to the speaker.
  bool may_use_tools_ = true;
  std::vector<ToolUse> uses_;
  absl::Time asked_at_ = absl::InfinitePast();
  absl::Time whole_at_ = absl::InfiniteFuture();  // Then a sentence that seems whole is said.
  absl::Time filler_at_ = absl::InfiniteFuture();
  absl::Time deadline_ = absl::InfiniteFuture();
  absl::Time retry_at_ = absl::InfiniteFuture();
};

}  // namespace latchkey::media
