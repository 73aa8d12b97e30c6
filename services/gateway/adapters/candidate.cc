#include "services/gateway/adapters/candidate.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "lib/base/error.h"
#include "lib/secret/sealed_box.h"
#include "services/gateway/adapters/key_body.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

// To whom a candidate's fields are sealed, and what they are bound to.
struct BoxScope {
  const secret::BoxPublicKey& receiver;
  std::string_view tenant_id;
  int provider = 0;
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

absl::Status Malformed(const provider::Entry& entry) {
  return Error(
      absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
      fmt::format("The body has to be a JSON object with these texts: {}. {} keys are made "
                  "at {}.",
                  Wanted(entry), entry.label, entry.documentation));
}

// Seals one text into `candidate`.
absl::Status SealField(const Secret& text, const provider::Field& field, const BoxScope& scope,
                       keyvault::v1::Candidate& candidate) {
  absl::StatusOr<std::string> sealed = secret::SealedBox::Seal(
      scope.receiver, text, secret::BindCandidate(scope.tenant_id, "", scope.provider, field.name));
  if (!sealed.ok()) return sealed.status();
  type::v1::SealedField& out = *candidate.add_fields();
  out.set_name(std::string(field.name));
  out.set_sealed(*std::move(sealed));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<keyvault::v1::Candidate> SealCandidate(
    Secret body, std::string_view tenant_id, provider::Provider provider,
    const keyvault::v1::GetIntakeKeyResponse& intake) {
  const provider::Entry& entry = provider::Describe(provider);
  const std::optional<KeyBody> parsed = KeyBody::Parse(std::move(body));
  if (!parsed) return Malformed(entry);
  const absl::StatusOr<secret::BoxPublicKey> receiver =
      secret::BoxPublicKey::Parse(intake.public_key());
  if (!receiver.ok()) return receiver.status();
  const BoxScope scope{*receiver, tenant_id, static_cast<int>(provider)};
  keyvault::v1::Candidate candidate;
  candidate.set_intake_key_id(intake.intake_key_id());
  for (const provider::Field& field : entry.fields) {
    const std::optional<Secret> text = parsed->Find(CamelCase(field.name));
    if (!text && !field.required) continue;
    if (!text) return Malformed(entry);
    const absl::Status sealed = SealField(*text, field, scope, candidate);
    if (!sealed.ok()) return sealed;
  }
  if (static_cast<size_t>(candidate.fields_size()) != parsed->size()) return Malformed(entry);
  return candidate;
}

}  // namespace latchkey::gateway
