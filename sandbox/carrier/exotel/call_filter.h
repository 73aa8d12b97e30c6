// CallFilter: which calls a GET of Calls.json asks for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/http/form.h"
#include "sandbox/carrier/exotel/call.h"

namespace latchkey::sandbox::exotel {

class CallFilter {
 public:
  static constexpr size_t kPageMax = 100;

  // Knows Sid, From and To, each several with commas between, and DateCreated ("gte:…;lte:…").
  explicit CallFilter(const http::Form& query);

  bool Fits(const ExotelCall& call) const;

 private:
  std::vector<std::string> sids_, from_, to_;
  std::optional<absl::Time> since_, until_;
};

}  // namespace latchkey::sandbox::exotel
