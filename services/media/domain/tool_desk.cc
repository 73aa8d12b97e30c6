#include "services/media/domain/tool_desk.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "services/media/domain/json_scan.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// A question, a correction, and some to spare; the person on the phone waits through all of them.
constexpr int kRoundsMax = 5;
constexpr size_t kUsesOfRoundMax = 8;
constexpr int kUsesOfCallMax = 200;
// Orchestrator's own deadline is the tool's time-out; this is for an answer that never comes.
constexpr absl::Duration kGrace = absl::Seconds(4);
constexpr size_t kDigitsMax = 32;
// Some two pages: a model that reads more takes longer than a person waits.
constexpr size_t kAnswerBytesMax = 8 * 1024;

// At most `bytes` of it, and no half of a character.
std::string_view Cut(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

bool AreKeys(std::string_view text) {
  return !text.empty() && text.size() <= kDigitsMax &&
         text.find_first_not_of("0123456789*#") == std::string_view::npos;
}

std::string TextArgument(std::string_view arguments, std::string_view name) {
  const std::optional<std::string_view> raw = FindMember(arguments, name);
  std::string scratch;
  return std::string(raw.has_value() ? AnyText(*raw, scratch).value_or("") : "");
}

bool IsEnd(const ToolUse& use) { return use.name == kEndCallTool; }

}  // namespace

ToolDesk::ToolDesk(ToolRunner& runner, const AgentSettings& agent, Owner& owner)
    : runner_(runner), agent_(agent), owner_(owner), declarations_(DeclareTools(agent)) {}

bool ToolDesk::open() const { return rounds_ < kRoundsMax && uses_ < kUsesOfCallMax; }

ToolDesk::Plan ToolDesk::Take(std::vector<ToolUse> uses, absl::Time now) {
  Check(!uses.empty() && !busy(), "a round begins when the one before has ended");
  Plan plan;
  End(uses, plan);
  if (!open()) return plan;
  ++rounds_;
  uses_ += static_cast<int>(uses.size());
  round_.emplace();
  round_->uses = std::move(uses);
  round_->results.resize(round_->uses.size());
  missing_ = round_->uses.size();
  deadline_ = absl::InfiniteFuture();
  for (size_t i = 0; i < round_->uses.size(); ++i) Begin(i, now, plan);
  return plan;
}

// Whatever else it asks for, and however often.
void ToolDesk::End(const std::vector<ToolUse>& uses, Plan& plan) const {
  for (const ToolUse& use : uses) {
    if (use.name != kTransferTool || plan.transfer.has_value()) continue;
    if (const TransferTarget* target = FindTarget(use.arguments)) plan.transfer = *target;
  }
  plan.hang_up = !plan.transfer.has_value() && std::ranges::any_of(uses, IsEnd);
}

void ToolDesk::Begin(size_t index, absl::Time now, Plan& plan) {
  const ToolUse& use = round_->uses[index];
  round_->results[index].id = use.id;
  if (index >= kUsesOfRoundMax) return Fail(index, "too_many_at_once");
  if (use.name == kEndCallTool) return Answer(index, "answer", "The call ends.", false);
  if (use.name == kSendDtmfTool) return BeginDigits(index, plan);
  if (use.name == kTransferTool) {
    if (plan.transfer.has_value()) return Answer(index, "answer", "They are connected.", false);
    return Fail(index, "no_such_target");
  }
  BeginTenantTool(index, now, plan);
}

void ToolDesk::BeginDigits(size_t index, Plan& plan) {
  std::string digits = TextArgument(round_->uses[index].arguments, "digits");
  if (!AreKeys(digits)) return Fail(index, "no_such_keys");
  if (digits_.has_value()) return Fail(index, "one_at_a_time");
  digits_ = index;
  plan.digits = std::move(digits);
}

void ToolDesk::BeginTenantTool(size_t index, absl::Time now, Plan& plan) {
  const ToolUse& use = round_->uses[index];
  const auto tool = std::ranges::find(agent_.tools, use.name, &Tool::name);
  if (tool == agent_.tools.end()) return Fail(index, "no_such_tool");
  if (plan.filler.empty()) plan.filler = tool->filler;
  const absl::Time by = now + tool->timeout + kGrace;
  deadline_ = deadline_ == absl::InfiniteFuture() ? by : std::max(deadline_, by);
  const int run = next_run_++;
  running_[run] = index;
  runner_.Run(run, use, tool->timeout);
}

const TransferTarget* ToolDesk::FindTarget(std::string_view arguments) const {
  const std::string name = TextArgument(arguments, "target");
  const auto found = std::ranges::find(agent_.transfer_targets, name, &TransferTarget::name);
  return found == agent_.transfer_targets.end() ? nullptr : &*found;
}

// The text stands in the result as one JSON string: nothing in it can look like the platform's.
void ToolDesk::Answer(size_t index, std::string_view member, std::string_view text, bool failed) {
  ToolResult& result = round_->results[index];
  const std::string_view shown = Cut(text, kAnswerBytesMax);
  result.failed = failed;
  result.content = "{\"tool\":";
  AppendJsonText(round_->uses[index].name, result.content);
  result.content.append(",\"").append(member).append("\":");
  AppendJsonText(shown, result.content);
  if (shown.size() < text.size()) result.content += ",\"cut\":true";
  result.content += '}';
  --missing_;
}

void ToolDesk::Fail(size_t index, std::string_view reason) { Answer(index, "error", reason, true); }

void ToolDesk::OnToolAnswer(int run, const absl::StatusOr<std::string>& answer) {
  const auto found = running_.find(run);
  if (found == running_.end()) return;
  const size_t index = found->second;
  running_.erase(found);
  if (answer.ok()) {
    Answer(index, "answer", *answer, false);
  } else {
    const std::string reason = Reason(answer.status());
    Fail(index, reason.empty() ? reasons::kToolTimeout : std::string_view(reason));
    owner_.OnToolFailed(answer.status());
  }
}

void ToolDesk::SetDigitsSent(bool sent) {
  if (!digits_.has_value()) return;
  const size_t index = *std::exchange(digits_, std::nullopt);
  if (sent) {
    Answer(index, "answer", "The keys were pressed.", false);
  } else {
    Fail(index, "interrupted");
  }
}

void ToolDesk::Tick(absl::Time now) {
  if (running_.empty() || now < deadline_) return;
  deadline_ = absl::InfiniteFuture();
  const absl::Status late = Error(absl::StatusCode::kDeadlineExceeded, reasons::kToolTimeout,
                                  "The tool's answer did not come. It may have been run.");
  while (!running_.empty()) OnToolAnswer(running_.begin()->first, late);
}

ToolRound ToolDesk::TakeRound() {
  Check(round_.has_value() && !busy(), "a round is taken when it has all its results");
  return *std::exchange(round_, std::nullopt);
}

void ToolDesk::Stop() {
  running_.clear();
  runner_.Stop();
}

}  // namespace latchkey::media
