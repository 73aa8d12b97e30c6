#include "tests/support/keyvault/sample_keys.h"

namespace latchkey::keyvault {

KeySlot SlotOf(std::string_view tenant, Provider provider, std::string_view number) {
  return KeySlot(*TenantId::Parse(tenant), number.empty() ? NumberId() : *NumberId::Parse(number),
                 provider);
}

SealedCandidate SealCandidate(const std::string& intake_key_id, const secret::BoxPublicKey& intake,
                              const KeySlot& slot,
                              const std::map<std::string, std::string>& fields) {
  SealedCandidate candidate;
  candidate.intake_key_id = intake_key_id;
  for (const auto& [name, value] : fields) {
    const secret::BoxBinding binding = secret::BindCandidate(slot.tenant.text(), slot.number.text(),
                                                             static_cast<int>(slot.provider), name);
    candidate.fields.push_back(
        {name, *secret::SealedBox::Seal(intake, Secret(std::string_view(value)), binding)});
  }
  return candidate;
}

Ticket TicketFor(std::vector<KeySlot> grants, absl::Time now, std::string_view call, char nonce) {
  return Ticket{*CallId::Parse(call),   *TenantId::Parse("tnt_a"),
                std::move(grants),      "m1",
                now - absl::Minutes(1), now + absl::Minutes(4),
                now + absl::Hours(1),   std::string(kNonceBytes, nonce)};
}

NewVersion SealVersion(const secret::Envelope& envelope, const std::string& tenant_key,
                       const KeyInfo& info, std::string_view api_key, std::string_view request_id) {
  secret::KeyFields fields;
  fields.Put("api_key", Secret(api_key));
  return NewVersion(info, *envelope.Seal(tenant_key, AddressOf(info), fields),
                    std::string(request_id));
}

KeyInfo InfoOf(const KeySlot& slot, std::string_view key_id, int version) {
  return KeyInfo{*KeyId::Parse(key_id),
                 slot,
                 version,
                 KeyStatus::kValid,
                 "sk-ant-...xy12",
                 absl::FromUnixSeconds(1'790'000'000 + version),
                 absl::FromUnixSeconds(1'790'000'000),
                 AccountFacts{5, false, "", ""},
                 absl::FromUnixSeconds(1'790'000'000 + version),
                 "",
                 ""};
}

}  // namespace latchkey::keyvault
