#include "sandbox/carrier/call_registry.h"

#include <fmt/format.h>

#include <utility>

namespace latchkey::sandbox {

void CallRegistry::Add(std::shared_ptr<PhoneCall> call) {
  by_sid_.emplace(call->sid, call);
  calls_.push_back(std::move(call));
  Forget();
}

std::shared_ptr<PhoneCall> CallRegistry::Find(Provider carrier, std::string_view sid) const {
  const auto found = by_sid_.find(sid);
  if (found == by_sid_.end() || found->second->carrier != carrier) return nullptr;
  return found->second;
}

void CallRegistry::Forget() {
  if (calls_.size() > kRecordingsMax) {
    PhoneCall& older = *calls_[calls_.size() - kRecordingsMax - 1];
    if (Ended(older.status) && older.phone != nullptr) older.phone->ForgetRecording();
  }
  if (calls_.size() <= kCallsMax || !Ended(calls_.front()->status)) return;
  by_sid_.erase(calls_.front()->sid);
  calls_.erase(calls_.begin());
}

std::string CallRegistry::JudgedJson() const {
  std::vector<std::string> calls;
  for (const std::shared_ptr<PhoneCall>& call : calls_) calls.push_back(ToJudgedJson(*call));
  return fmt::format("[{}]", fmt::join(calls, ",\n"));
}

std::shared_ptr<PhoneCall> CallRegistry::Find(std::string_view sid) const {
  const auto found = by_sid_.find(sid);
  return found == by_sid_.end() ? nullptr : found->second;
}

}  // namespace latchkey::sandbox
