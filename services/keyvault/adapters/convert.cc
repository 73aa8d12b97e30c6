#include "services/keyvault/adapters/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr size_t kUrlBytesMax = 8192;
constexpr int kFormParametersMax = 256;
constexpr int kFieldsMax = 8;
constexpr size_t kModelBytesMax = 64;
constexpr int kTargetsMax = 500;

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

// It goes into the URL of the probe.
bool IsModel(std::string_view model) {
  if (model.size() > kModelBytesMax) return false;
  return std::all_of(model.begin(), model.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
  });
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

absl::StatusOr<Ticket> FromProto(const type::v1::CallTicket& proto) {
  absl::StatusOr<CallId> call = CallId::Parse(proto.call_id());
  if (!call.ok()) return Malformed("The ticket's call_id is not the id of a call.");
  absl::StatusOr<TenantId> tenant = TenantId::Parse(proto.tenant_id());
  if (!tenant.ok()) return Malformed("The ticket's tenant_id is not the id of a tenant.");
  Ticket ticket{*std::move(call),
                *std::move(tenant),
                {},
                proto.media_instance(),
                FromTimestamp(proto.not_before()),
                FromTimestamp(proto.expire_time()),
                FromTimestamp(proto.lease_until()),
                proto.nonce(),
                proto.purpose() == type::v1::TICKET_PURPOSE_SETTLE ||
                        proto.purpose() == type::v1::TICKET_PURPOSE_SETUP
                    ? TicketPurpose::kAfterCall
                    : TicketPurpose::kCall};
  for (const type::v1::KeyGrant& grant : proto.grants()) {
    absl::StatusOr<KeySlot> slot = ParseSlot(grant.scope(), grant.provider());
    if (!slot.ok()) return slot.status();
    ticket.grants.push_back(*std::move(slot));
  }
  return ticket;
}

}  // namespace

absl::StatusOr<KeySlot> ParseSlot(const type::v1::Scope& scope, type::v1::Provider provider) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(scope.tenant_id());
  if (!tenant.ok()) return Malformed("scope.tenant_id is not the id of a tenant.");
  NumberId number;
  if (!scope.number_id().empty()) {
    absl::StatusOr<NumberId> parsed = NumberId::Parse(scope.number_id());
    if (!parsed.ok()) return Malformed("scope.number_id is not the id of a number.");
    number = *std::move(parsed);
  }
  absl::StatusOr<Provider> known = provider::ParseProvider(static_cast<int>(provider));
  if (!known.ok()) return Malformed("provider is missing or unknown.");
  return KeySlot(*std::move(tenant), std::move(number), *known);
}

absl::StatusOr<SealedCandidate> ParseCandidate(const v1::Candidate& candidate,
                                               const std::string& model) {
  if (candidate.fields_size() == 0) return Malformed("candidate.fields is empty.");
  if (candidate.fields_size() > kFieldsMax) return Malformed("candidate.fields is too long.");
  if (!IsModel(model)) {
    return Malformed("model has at most 64 letters, digits, hyphens, dots and underscores.");
  }
  SealedCandidate sealed;
  sealed.model = model;
  sealed.intake_key_id = candidate.intake_key_id();
  for (const type::v1::SealedField& field : candidate.fields()) {
    sealed.fields.push_back({field.name(), field.sealed()});
  }
  return sealed;
}

absl::StatusOr<std::vector<NumbersSave::Target>> ParseTargets(
    const google::protobuf::RepeatedPtrField<v1::NumberTarget>& messages) {
  if (messages.empty() || messages.size() > kTargetsMax) return Malformed("targets are 1 to 500.");
  std::vector<NumbersSave::Target> targets;
  std::set<NumberId> seen;
  for (const v1::NumberTarget& message : messages) {
    absl::StatusOr<NumberId> number = NumberId::Parse(message.number_id());
    if (!number.ok()) return Malformed("number_id is not the id of a number.");
    if (!seen.insert(*number).second) return Malformed("A number is given twice.");
    if (!IsModel(message.model())) {
      return Malformed("model has at most 64 letters, digits, hyphens, dots and underscores.");
    }
    targets.push_back({*std::move(number), message.model()});
  }
  return targets;
}

void FillResult(const NumbersSave::Target& target, const absl::StatusOr<SavedKey>& saved,
                v1::NumberKeyResult& message) {
  message.set_number_id(target.number.text());
  if (saved.ok()) return FillKey(saved->info, *message.mutable_key());
  const ErrorMetadata metadata = Metadata(saved.status());
  const auto told = metadata.find("reason");
  message.set_error(Reason(saved.status()));
  message.set_reason(told == metadata.end() ? Reason(saved.status()) : told->second);
  message.set_message(Message(saved.status()));
}

// "<provider number>/<number id>": of what was last on the page before.
std::string PageToken(const std::optional<KeyCursor>& cursor) {
  if (!cursor.has_value()) return "";
  return fmt::format("{}/{}", static_cast<int>(cursor->provider), cursor->number);
}

absl::StatusOr<std::optional<KeyCursor>> ParsePageToken(const std::string& token) {
  if (token.empty()) return std::nullopt;
  const size_t slash = token.find('/');
  int number = 0;
  if (slash == std::string::npos || !absl::SimpleAtoi(token.substr(0, slash), &number)) {
    return Malformed("page_token is not one of ours.");
  }
  const absl::StatusOr<Provider> provider = provider::ParseProvider(number);
  if (!provider.ok()) return Malformed("page_token is not one of ours.");
  return KeyCursor{*provider, token.substr(slash + 1)};
}

absl::StatusOr<CarrierRequest> ParseCarrierRequest(
    const v1::VerifyCarrierSignatureRequest& request) {
  if (request.url().empty() || request.url().size() > kUrlBytesMax) {
    return Malformed("url has 1 to 8192 characters.");
  }
  if (request.parameters_size() > kFormParametersMax) {
    return Malformed("A form has at most 256 parameters.");
  }
  provider::FormParameters parameters;
  for (const v1::FormParameter& parameter : request.parameters()) {
    parameters.emplace_back(parameter.name(), parameter.value());
  }
  return CarrierRequest(request.url(), std::move(parameters), request.signature());
}

absl::StatusOr<Ticket> ParseTicket(const type::v1::SignedTicket& signed_ticket,
                                   const secret::VerifyingKey& dialer) {
  if (!dialer.Verify(secret::kTicketLabel, signed_ticket.ticket(), signed_ticket.signature())) {
    return Error(absl::StatusCode::kPermissionDenied, reason::kTicketForged,
                 "The ticket does not carry dialer's signature.");
  }
  type::v1::CallTicket proto;
  if (!proto.ParseFromString(signed_ticket.ticket())) {
    return Malformed("The ticket cannot be read.");
  }
  return FromProto(proto);
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

void FillFacts(const AccountFacts& facts, v1::AccountFacts& out) {
  out.set_call_ceiling(facts.call_ceiling);
  out.set_trial(facts.trial);
  out.set_carrier_account(facts.carrier_account);
  out.set_phone_number(facts.phone_number);
}

void FillKey(const KeyInfo& info, v1::Key& key) {
  key.set_key_id(info.id.text());
  key.set_provider(static_cast<type::v1::Provider>(info.slot.provider));
  key.mutable_scope()->set_tenant_id(info.slot.tenant.text());
  key.mutable_scope()->set_number_id(info.slot.number.text());
  key.set_version(info.version);
  key.set_status(static_cast<v1::KeyStatus>(info.status));
  key.set_preview(info.preview);
  *key.mutable_validate_time() = ToTimestamp(info.validate_time);
  *key.mutable_create_time() = ToTimestamp(info.create_time);
  FillFacts(info.facts, *key.mutable_facts());
  *key.mutable_status_time() = ToTimestamp(info.status_time);
  key.set_status_reason(info.status_reason);
}

void FillLeasedKey(const LeasedKey& key, v1::LeasedKey& out) {
  out.set_lease_id(key.lease.text());
  out.set_provider(static_cast<type::v1::Provider>(key.slot.provider));
  out.mutable_scope()->set_tenant_id(key.slot.tenant.text());
  out.mutable_scope()->set_number_id(key.slot.number.text());
  out.set_key_version(key.key_version);
  *out.mutable_expire_time() = ToTimestamp(key.expire_time);
  for (const LeasedKey::Field& field : key.fields) {
    type::v1::SealedField& sealed = *out.add_fields();
    sealed.set_name(field.name);
    sealed.set_sealed(field.sealed);
  }
}

}  // namespace latchkey::keyvault
