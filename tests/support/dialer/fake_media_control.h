// FakeMediaControl: media instances that take what they are offered, unless told otherwise.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class FakeMediaControl final : public MediaControl {
 public:
  // By instance; an instance without an entry says OK.
  std::map<std::string, absl::Status> start_answers;
  absl::Status end_answer;
  absl::Status configure_answer;
  // What settling does to the call before it answers; by default it only answers.
  std::function<absl::Status(const MediaInstance&, const Call&)> settle =
      [](const MediaInstance&, const Call&) { return absl::OkStatus(); };

  std::vector<std::string> offered;     // Instances, in the order in which they were asked.
  std::vector<std::string> ended;       // Calls that were hung up.
  std::vector<std::string> settlers;    // Instances that were asked to settle.
  std::vector<std::string> configured;  // "instance number"

  // Where a call that it took has its stream, for the same call always the same.
  static std::string StreamUrl(const std::string& instance, const Call& call) {
    return "wss://" + instance + "/" + call.id.text();
  }

  Task<absl::StatusOr<std::string>> Start(const MediaInstance& instance, const Call& call,
                                          const AgentSettings&, const SignedTicket&) override {
    offered.push_back(instance.name);
    const auto found = start_answers.find(instance.name);
    if (found != start_answers.end() && !found->second.ok()) co_return found->second;
    if (call.direction == Direction::kOutbound) co_return std::string();
    co_return StreamUrl(instance.name, call);
  }
  Task<absl::Status> Configure(const MediaInstance& instance, const Call& setup,
                               const SignedTicket&) override {
    configured.push_back(instance.name + " " + setup.to);
    co_return configure_answer;
  }
  Task<absl::Status> End(const MediaInstance&, const Call& call, const std::string&) override {
    ended.push_back(call.id.text());
    co_return end_answer;
  }
  Task<absl::Status> Settle(const MediaInstance& instance, const Call& call,
                            const SignedTicket&) override {
    settlers.push_back(instance.name);
    co_return settle(instance, call);
  }
};

}  // namespace latchkey::dialer
