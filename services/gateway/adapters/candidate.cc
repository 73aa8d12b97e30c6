#include "services/gateway/adapters/candidate.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "lib/base/error.h"
#include "lib/secret/sealed_box.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

// To whom a candidate's fields are sealed, and what they are bound to.
struct BoxScope {
  const secret::BoxPublicKey& receiver;
  const KeyOwner& owner;
};

// "account_sid" → "accountSid".
std::string CamelCase(std::string_view name) {
  std::string text;
  bool upper = false;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    text += upper ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return text;
}

std::string Wanted(const provider::Entry& entry) {
  std::string names;
  for (const provider::Field& field : entry.fields) {
    names += (names.empty() ? "" : ", ") + CamelCase(field.name);
    if (!field.required) names += " (optional)";
  }
  return names;
}

// Seals one text into `candidate`.
absl::Status SealField(const Secret& text, const provider::Field& field, const BoxScope& scope,
                       keyvault::v1::Candidate& candidate) {
  absl::StatusOr<std::string> sealed = secret::SealedBox::Seal(
      scope.receiver, text,
      secret::BindCandidate(scope.owner.tenant_id, scope.owner.number_id,
                            static_cast<int>(scope.owner.provider), field.name));
  if (!sealed.ok()) return sealed.status();
  type::v1::SealedField& out = *candidate.add_fields();
  out.set_name(std::string(field.name));
  out.set_sealed(*std::move(sealed));
  return absl::OkStatus();
}

}  // namespace

absl::Status MalformedKeyBody(provider::Provider provider) {
  const provider::Entry& entry = provider::Describe(provider);
  return Error(
      absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
      fmt::format("The body has to be a JSON object with these texts: {}. {} keys are made "
                  "at {}.",
                  Wanted(entry), entry.label, entry.documentation));
}

absl::StatusOr<keyvault::v1::Candidate> SealCandidate(
    const KeyBody& body, size_t beside, const KeyOwner& owner,
    const keyvault::v1::GetIntakeKeyResponse& intake) {
  const provider::Entry& entry = provider::Describe(owner.provider);
  const absl::StatusOr<secret::BoxPublicKey> receiver =
      secret::BoxPublicKey::Parse(intake.public_key());
  if (!receiver.ok()) return receiver.status();
  const BoxScope scope{*receiver, owner};
  keyvault::v1::Candidate candidate;
  candidate.set_intake_key_id(intake.intake_key_id());
  for (const provider::Field& field : entry.fields) {
    const std::optional<Secret> text = body.Find(CamelCase(field.name));
    if (!text && !field.required) continue;
    if (!text) return MalformedKeyBody(owner.provider);
    const absl::Status sealed = SealField(*text, field, scope, candidate);
    if (!sealed.ok()) return sealed;
  }
  if (static_cast<size_t>(candidate.fields_size()) + beside != body.size()) {
    return MalformedKeyBody(owner.provider);
  }
  return candidate;
}

}  // namespace latchkey::gateway
