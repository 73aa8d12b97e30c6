// E164: a phone number in international form, "+14155550100".
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace latchkey {

// Says that a number is well formed (ITU-T E.164: '+', 7 to 15 digits, no leading zero), not that
// it exists or may be called: dialer's numbering plan knows that.
class E164 {
 public:
  // kInvalidArgument `malformed_number`: the message shows the form that is wanted.
  static absl::StatusOr<E164> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  // For logs and lists: "+1415…0100".
  std::string Masked() const;
  friend auto operator<=>(const E164&, const E164&) = default;

 private:
  explicit E164(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace latchkey
