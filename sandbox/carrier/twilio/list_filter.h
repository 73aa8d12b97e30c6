// What a GET of a list asks for: which calls, and which page.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "lib/http/form.h"
#include "sandbox/carrier/twilio/call.h"

namespace latchkey::sandbox::twilio {

class CallFilter {
 public:
  // Knows To, From, Status, and StartTime>= and <= (a date, or a time in RFC 3339).
  explicit CallFilter(const http::Form& query);

  bool Fits(const Call& call) const;

 private:
  std::string to_, from_, status_;
  std::optional<absl::Time> since_, until_;
};

// The page that PageSize (1 to 1000, else 50) and Page (from 0) ask for.
class PageWanted {
 public:
  explicit PageWanted(const http::Form& query);

  // One page of `items`, each JSON already, as the list called `name` that lives at `uri`.
  std::string Show(std::string_view name, const std::vector<std::string>& items,
                   std::string_view uri) const;

 private:
  std::string Link(std::string_view uri, size_t page) const;

  size_t size_ = 50;
  size_t page_ = 0;
  std::string filter_;  // The rest of the query, to be repeated in links.
};

}  // namespace latchkey::sandbox::twilio
