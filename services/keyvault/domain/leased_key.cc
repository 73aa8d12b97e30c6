#include "services/keyvault/domain/leased_key.h"

namespace latchkey::keyvault {

absl::StatusOr<LeasedKey> SealLease(const secret::Envelope& envelope, const Lease& lease,
                                    const secret::BoxPublicKey& public_key) {
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
    absl::StatusOr<std::string> sealed =
        secret::SealedBox::Seal(public_key, value, secret::BindLease(terms, name));
    if (!sealed.ok()) return sealed.status();
    key.fields.push_back({name, *std::move(sealed)});
  }
  return key;
}

}  // namespace latchkey::keyvault
