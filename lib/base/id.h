// Ids: prefixed, typed strings. A TenantId and a CallId do not mix.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/error.h"
#include "lib/base/random.h"

namespace latchkey {

// "prefix" + 24 characters of [0-9a-z] (124 random bits).
std::string MakeIdText(std::string_view prefix, Random& random);

// True for `prefix` and 1 to 64 characters of [0-9a-zA-Z_-].
bool IsIdText(std::string_view prefix, std::string_view text);

// Kind gives `kPrefix` ("tnt_") and `kNoun` ("tenant").
template <typename Kind>
class Id {
 public:
  Id() = default;

  static Id Make(Random& random) { return Id(MakeIdText(Kind::kPrefix, random)); }

  // For text from outside. kInvalidArgument `malformed_id` names what was expected.
  static absl::StatusOr<Id> Parse(std::string_view text) {
    if (IsIdText(Kind::kPrefix, text)) return Id(std::string(text));
    return Error(absl::StatusCode::kInvalidArgument, "malformed_id",
                 std::string("This is not the id of a ") + std::string(Kind::kNoun) +
                     "; one starts with " + std::string(Kind::kPrefix) + ".");
  }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;  // NOLINT: its zero is no pointer.
  template <typename H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.text_);
  }

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct TenantKind {
  static constexpr std::string_view kPrefix = "tnt_", kNoun = "tenant";
};
struct NumberKind {
  static constexpr std::string_view kPrefix = "num_", kNoun = "number";
};
struct CallKind {
  static constexpr std::string_view kPrefix = "call_", kNoun = "call";
};
struct KeyKind {
  static constexpr std::string_view kPrefix = "key_", kNoun = "key";
};
struct LeaseKind {
  static constexpr std::string_view kPrefix = "lease_", kNoun = "lease";
};

using TenantId = Id<TenantKind>;
using NumberId = Id<NumberKind>;
using CallId = Id<CallKind>;
using KeyId = Id<KeyKind>;
using LeaseId = Id<LeaseKind>;

// The tenant under which the platform's own keys live in the vault: "tnt_platform".
TenantId PlatformTenant();

}  // namespace latchkey
