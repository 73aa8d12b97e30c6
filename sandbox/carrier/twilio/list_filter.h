// CallFilter: which calls a GET of Calls.json asks for.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "lib/http/form.h"
#include "sandbox/carrier/twilio/call.h"

namespace latchkey::sandbox::twilio {

class CallFilter {
 public:
  // Knows To, From, Status, StartTime>= (a date, or a time in RFC 3339) and PageSize.
  explicit CallFilter(const http::Form& query);

  bool Fits(const Call& call) const;
  int page_size() const { return page_size_; }

 private:
  std::string to_, from_, status_;
  std::optional<absl::Time> since_;
  int page_size_ = 50;
};

}  // namespace latchkey::sandbox::twilio
