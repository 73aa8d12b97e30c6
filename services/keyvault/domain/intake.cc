#include "services/keyvault/domain/intake.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "lib/provider/key_format.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

using secret::SecretAccess;

constexpr std::string_view kPhoneNumber = "phone_number";
// The sizes that standardwebhooks.com asks for.
constexpr size_t kSigningSecretBytesMin = 24;
constexpr size_t kSigningSecretBytesMax = 64;

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

}  // namespace

IntakeParser::IntakeParser(const secret::KeyRing& ring)
    : key_id_(ring.current().id()), pair_(ring.IntakePair()) {}

void IntakeParser::Follow(const secret::KeyRing& ring) {
  key_id_ = ring.current().id();
  pair_ = ring.IntakePair();
}

absl::Status IntakeParser::CheckIntakeKey(const std::string& id) const {
  if (id == key_id_) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, reason::kIntakeKeyUnknown,
               "The key is sealed to an intake key that is not current. Fetch the intake key and "
               "seal it again.");
}

absl::StatusOr<Secret> IntakeParser::OpenSigningSecret(const TenantId& tenant,
                                                       const std::string& intake_key_id,
                                                       const std::string& sealed) const {
  if (absl::Status current = CheckIntakeKey(intake_key_id); !current.ok()) return current;
  const secret::BoxBinding binding =
      secret::BindCandidate(tenant.text(), "", secret::kNoProvider, secret::kSigningSecretField);
  absl::StatusOr<Secret> opened = pair_.Open(sealed, binding);
  if (!opened.ok()) return Malformed(Message(opened.status()));
  if (opened->size() < kSigningSecretBytesMin || opened->size() > kSigningSecretBytesMax) {
    return Malformed("A signing secret has 24 to 64 bytes.");
  }
  return opened;
}

absl::StatusOr<Candidate> IntakeParser::Parse(const KeySlot& slot,
                                              const SealedCandidate& sealed) const {
  if (absl::Status current = CheckIntakeKey(sealed.intake_key_id); !current.ok()) return current;
  const provider::Entry& entry = provider::Describe(slot.provider);
  Candidate candidate;
  for (const SealedCandidate::Field& field : sealed.fields) {
    absl::Status parsed = ParseField(slot, field, candidate);
    if (!parsed.ok()) return parsed;
  }
  for (const provider::Field& field : entry.fields) {
    if (!field.required || candidate.fields.Find(field.name) != nullptr) continue;
    return Malformed(
        fmt::format("A {} key has a field {}, and it is missing.", entry.label, field.name));
  }
  return candidate;
}

absl::Status IntakeParser::ParseField(const KeySlot& slot, const SealedCandidate::Field& sealed,
                                      Candidate& candidate) const {
  const provider::Entry& entry = provider::Describe(slot.provider);
  const provider::Field* field = provider::FindField(entry, sealed.name);
  if (field == nullptr) {
    return Malformed(fmt::format("A {} key has no such field as the one given.", entry.label));
  }
  if (candidate.fields.Find(field->name) != nullptr) {
    return Malformed(fmt::format("The field {} was given twice.", field->name));
  }
  const secret::BoxBinding binding = secret::BindCandidate(
      slot.tenant.text(), slot.number.text(), static_cast<int>(slot.provider), field->name);
  absl::StatusOr<Secret> value = pair_.Open(sealed.sealed, binding);
  if (!value.ok()) return Malformed(Message(value.status()));
  if (value->empty() && !field->required) return absl::OkStatus();

  const std::string_view clear = value->Reveal(SecretAccess());
  absl::StatusOr<std::vector<std::string>> warnings =
      provider::CheckFormat(slot.provider, *field, clear);
  if (!warnings.ok()) return warnings.status();
  for (std::string& warning : *warnings) candidate.warnings.push_back(std::move(warning));
  if (field->name == entry.preview_field) {
    candidate.preview = provider::Preview(slot.provider, clear);
  }
  if (field->name == kPhoneNumber) candidate.phone_number = std::string(clear);
  candidate.fields.Put(field->name, *std::move(value));
  return absl::OkStatus();
}

}  // namespace latchkey::keyvault
