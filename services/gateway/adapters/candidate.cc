#include "services/gateway/adapters/candidate.h"

#include <fmt/format.h>
#include <sodium.h>

#include <boost/json/parse.hpp>

#include "lib/base/error.h"
#include "lib/secret/sealed_box.h"
#include "lib/secret/secret.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;

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

absl::StatusOr<keyvault::v1::Candidate> SealFields(
    json::object& body, std::string_view tenant_id, const provider::Entry& entry,
    const keyvault::v1::GetIntakeKeyResponse& intake) {
  const absl::StatusOr<secret::BoxPublicKey> receiver =
      secret::BoxPublicKey::Parse(intake.public_key());
  if (!receiver.ok()) return receiver.status();
  keyvault::v1::Candidate candidate;
  candidate.set_intake_key_id(intake.intake_key_id());
  size_t taken = 0;
  for (const provider::Field& field : entry.fields) {
    json::value* value = body.if_contains(CamelCase(field.name));
    if (value == nullptr && !field.required) continue;
    if (value == nullptr || !value->is_string()) return Malformed(entry);
    ++taken;
    const json::string& text = value->get_string();
    const Secret plain(std::string_view(text.data(), text.size()));
    absl::StatusOr<std::string> sealed = secret::SealedBox::Seal(
        *receiver, plain,
        secret::BindCandidate(tenant_id, "", static_cast<int>(entry.provider), field.name));
    if (!sealed.ok()) return sealed.status();
    type::v1::SealedField& out = *candidate.add_fields();
    out.set_name(std::string(field.name));
    out.set_sealed(*std::move(sealed));
  }
  if (taken != body.size()) return Malformed(entry);
  return candidate;
}

void WipeAll(json::object& body) {
  for (auto& [name, value] : body) {
    if (!value.is_string()) continue;
    json::string& text = value.get_string();
    sodium_memzero(text.data(), text.size());
  }
}

}  // namespace

absl::StatusOr<keyvault::v1::Candidate> SealCandidate(
    std::string& body, std::string_view tenant_id, provider::Provider provider,
    const keyvault::v1::GetIntakeKeyResponse& intake) {
  const provider::Entry& entry = provider::Describe(provider);
  boost::system::error_code error;
  json::value parsed = json::parse(body, error);
  secret::Wipe(body);
  if (error || !parsed.is_object()) return Malformed(entry);
  json::object& fields = parsed.get_object();
  absl::StatusOr<keyvault::v1::Candidate> candidate = SealFields(fields, tenant_id, entry, intake);
  WipeAll(fields);
  return candidate;
}

}  // namespace latchkey::gateway
