// CallRegistry: every call that was placed in the sandbox, with either carrier, oldest first.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/carrier/phone_call.h"

namespace latchkey::sandbox {

// Lives on the sandbox's io thread.
class CallRegistry {
 public:
  // Calls that have ended are kept until there are more than this.
  static constexpr size_t kCallsMax = 10'000;
  // Their recordings are kept for the last few only: a minute takes a megabyte.
  static constexpr size_t kRecordingsMax = 20;

  // Shared with whoever runs the call.
  void Add(std::shared_ptr<PhoneCall> call);

  // The call with this name; nullptr if there is none of `carrier`'s.
  std::shared_ptr<PhoneCall> Find(Provider carrier, std::string_view sid) const;
  // The same, whoever's it is.
  std::shared_ptr<PhoneCall> Find(std::string_view sid) const;

  const std::vector<std::shared_ptr<PhoneCall>>& calls() const { return calls_; }

  // For the sandbox's own endpoints. What the people's ears measured, oldest first.
  std::string JudgedJson() const;

 private:
  void Forget();

  std::map<std::string, std::shared_ptr<PhoneCall>, std::less<>> by_sid_;
  std::vector<std::shared_ptr<PhoneCall>> calls_;
};

}  // namespace latchkey::sandbox
