// ToolDesk: what the agent does beside speaking, and how often it may.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/tool_declarations.h"
#include "services/media/domain/tool_runner.h"
#include "services/media/domain/tool_use.h"

namespace latchkey::media {

// The same for every pipeline. A model may call tools again and again; so a turn of the person on
// the phone bears a few rounds of it, and a call a bounded number of uses: then the model has to
// speak. Every use gets a result, also one that is refused, broken or late. A state machine without
// I/O; lives on the call's io thread.
class ToolDesk final : public ToolRunner::Listener {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // For the record; the conversation goes on.
    virtual void OnToolFailed(const absl::Status& why) = 0;
  };

  // What a round comes to beside its results.
  struct Plan {
    std::string filler;    // To be said while it waits, if nothing else is; may be empty.
    std::string digits;    // To be sent as tones when the agent has spoken; then SetDigitsSent().
    bool hang_up = false;  // The call is over when the agent has spoken.
    std::optional<TransferTarget> transfer;  // The same, but the carrier connects them.
  };

  // All outlive it.
  ToolDesk(ToolRunner& runner, const AgentSettings& agent, Owner& owner);

  const std::vector<ToolDeclaration>& declarations() const { return declarations_; }

  void Start() { runner_.Start(*this); }
  // The person on the phone has said something: rounds count anew.
  void BeginTurn() { rounds_ = 0; }
  // False: the bound is reached, and the model is to speak.
  bool open() const;

  // Begins a round with what a reply asked for. While it is not open(), only the end of the call
  // and a transfer are done, and there is no round. `uses` is not empty, and busy() false.
  Plan Take(std::vector<ToolUse> uses, absl::Time now);
  // Results are missing.
  bool busy() const { return missing_ > 0; }
  // A round has begun that was not taken back.
  bool has_round() const { return round_.has_value(); }
  ToolRound TakeRound();

  // The tones of the plan have been heard, or never will be.
  void SetDigitsSent(bool sent);
  // Deadlines.
  void Tick(absl::Time now);
  void Stop();

  void OnToolAnswer(int run, const absl::StatusOr<std::string>& answer) override;

 private:
  void Begin(size_t index, absl::Time now, Plan& plan);
  void BeginDigits(size_t index, Plan& plan);
  void BeginTenantTool(size_t index, absl::Time now, Plan& plan);
  void End(const std::vector<ToolUse>& uses, Plan& plan) const;
  const TransferTarget* FindTarget(std::string_view arguments) const;
  void Answer(size_t index, std::string_view member, std::string_view text, bool failed);
  void Fail(size_t index, std::string_view reason);

  ToolRunner& runner_;
  const AgentSettings& agent_;
  Owner& owner_;
  const std::vector<ToolDeclaration> declarations_;
  int rounds_ = 0;  // Since the person spoke.
  int uses_ = 0;    // In the call.
  std::optional<ToolRound> round_;
  size_t missing_ = 0;
  int next_run_ = 1;
  std::map<int, size_t> running_;  // Run → place in the round.
  std::optional<size_t> digits_;   // The place of the one send_dtmf.
  absl::Time deadline_ = absl::InfiniteFuture();
};

}  // namespace latchkey::media
