// Form: application/x-www-form-urlencoded text, as in queries and carriers' callbacks.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace latchkey::http {

// Pairs in the order in which they came; a key may stand several times.
class Form {
 public:
  using Pair = std::pair<std::string, std::string>;
  using value_type = Pair;
  using const_iterator = std::vector<Pair>::const_iterator;

  Form() = default;
  Form(std::initializer_list<Pair> pairs) : pairs_(pairs) {}

  // kInvalidArgument `malformed_form`: a bad %-escape, or more than kFormPairsMax pairs.
  static absl::StatusOr<Form> Parse(std::string_view text);

  void Add(std::string_view key, std::string_view value);

  // The first value, or "". Valid until the form changes.
  std::string_view Get(std::string_view key) const;
  std::vector<std::string_view> GetAll(std::string_view key) const;
  bool Has(std::string_view key) const;

  // "a=1&b=two%20words": everything but RFC 3986's unreserved characters is escaped.
  std::string Encode() const;

  const_iterator begin() const { return pairs_.begin(); }
  const_iterator end() const { return pairs_.end(); }
  size_t size() const { return pairs_.size(); }

 private:
  std::vector<Pair> pairs_;
};

inline constexpr size_t kFormPairsMax = 256;  // Twilio's largest callback has about 40.

// `text` with everything but unreserved characters as %XX.
std::string PercentEncode(std::string_view text);

}  // namespace latchkey::http
