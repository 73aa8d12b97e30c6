#include "services/keyvault/domain/leased_key.h"

namespace latchkey::keyvault {

namespace {

absl::StatusOr<LeasedKey> SealLease(const secret::Envelope& envelope, const Lease& lease,
                                    const secret::SealedBox::Sealer& sealer) {
  const KeyInfo& info = lease.key.info;
  const absl::StatusOr<secret::KeyFields> fields =
      envelope.Open(lease.key.tenant_key, AddressOf(info), lease.key.sealed);
  if (!fields.ok()) return fields.status();
  const secret::LeaseTerms terms{lease.id.text(),
                                 info.slot.tenant.text(),
                                 static_cast<int>(info.slot.provider),
                                 lease.call.text(),
                                 lease.caller,
                                 lease.expire_time,
                                 info.version};
  LeasedKey key{lease.id, info.slot, info.version, lease.expire_time, {}};
  for (const auto& [name, value] : *fields) {
    key.fields.push_back({name, sealer.Seal(value, secret::BindLease(terms, name))});
  }
  return key;
}

}  // namespace

absl::StatusOr<std::vector<LeasedKey>> SealLeases(const secret::Envelope& envelope,
                                                  const std::vector<Lease>& leases,
                                                  const secret::BoxPublicKey& public_key) {
  const absl::StatusOr<secret::SealedBox::Sealer> sealer =
      secret::SealedBox::Sealer::Make(public_key, std::string(secret::kLeaseLabel));
  if (!sealer.ok()) return sealer.status();
  std::vector<LeasedKey> keys;
  for (const Lease& lease : leases) {
    absl::StatusOr<LeasedKey> key = SealLease(envelope, lease, *sealer);
    if (!key.ok()) return key.status();
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace latchkey::keyvault
