#include "services/keyvault/adapters/key_rows.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "services/keyvault/domain/key_health.h"

namespace latchkey::keyvault {

Provider ReadProvider(int64_t number) {
  const absl::StatusOr<Provider> provider = provider::ParseProvider(static_cast<int>(number));
  Check(provider.ok(), "a provider in a row is in the catalogue");
  return *provider;
}

KeyStatus ReadStatus(const std::string& word) {
  for (const KeyStatus status : {KeyStatus::kValid, KeyStatus::kInvalid, KeyStatus::kDegraded,
                                 KeyStatus::kExhausted, KeyStatus::kUnreachable}) {
    if (word == Word(status)) return status;
  }
  Check(false, "a status in a row is one of ours");
  return KeyStatus::kInvalid;
}

// In the order of the view's columns; see migrations/0007_models.sql.
StoredKey ReadStoredKey(const pg::Row& row, int first) {
  const KeySlot slot(ReadId<TenantId>(row.Text(first + 1)), ReadId<NumberId>(row.Text(first + 2)),
                     ReadProvider(row.Int(first + 3)));
  const AccountFacts facts{static_cast<int>(row.Int(first + 9)), row.Bool(first + 10),
                           row.Text(first + 11), row.Text(first + 12)};
  const KeyInfo info{ReadId<KeyId>(row.Text(first)),
                     slot,
                     static_cast<int>(row.Int(first + 4)),
                     ReadStatus(row.Text(first + 5)),
                     row.Text(first + 6),
                     row.Time(first + 7),
                     row.Time(first + 8),
                     facts,
                     row.Time(first + 19),
                     row.Text(first + 20),
                     row.Text(first + 21)};
  StoredKey key{info, row.Bytes(first + 13), {row.Bytes(first + 14), {}, row.Text(first + 15)}};
  const std::vector<std::string> names = row.Texts(first + 16);
  const std::vector<std::string> blobs = row.Texts(first + 17);
  Check(names.size() == blobs.size(), "every field has a blob");
  for (size_t i = 0; i < names.size(); ++i) {
    key.sealed.fields[names[i]] = absl::HexStringToBytes(blobs[i]);
  }
  return key;
}

}  // namespace latchkey::keyvault
