// What keyvault keeps: keys, by their slots, in versions.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/id.h"
#include "lib/provider/catalogue.h"
#include "lib/secret/envelope.h"

namespace latchkey::keyvault {

// Where a key belongs: one provider of a tenant, or of one of its numbers. Holds one key at most.
struct KeySlot {
  KeySlot(TenantId its_tenant, NumberId its_number, Provider its_provider)
      : tenant(std::move(its_tenant)), number(std::move(its_number)), provider(its_provider) {}

  TenantId tenant;
  NumberId number;  // Empty for a key of the whole tenant.
  Provider provider;

  friend bool operator==(const KeySlot&, const KeySlot&) = default;
};

// The numbers of latchkey.keyvault.v1.KeyStatus, which says what each means.
enum class KeyStatus { kValid = 1, kInvalid = 2, kDegraded = 3, kExhausted = 4, kUnreachable = 5 };

// What the provider told about the account when the key was probed.
struct AccountFacts {
  int call_ceiling = 0;  // Calls at a time that the account's limits bear; 0 for no such limit.
  bool trial = false;    // Reaches verified numbers only.
  std::string carrier_account;  // "AC…"; not secret. Empty for AI providers.
  std::string phone_number;     // E.164, as saved with a carrier's key; empty if none.

  friend bool operator==(const AccountFacts&, const AccountFacts&) = default;
};

// What may be told about a key.
struct KeyInfo {
  KeyId id;
  KeySlot slot;
  int version = 1;  // Counts up from 1 with every replacement.
  KeyStatus status = KeyStatus::kValid;
  std::string preview;
  absl::Time validate_time;  // The last probe that passed.
  absl::Time create_time;    // Of version 1.
  AccountFacts facts;
  absl::Time status_time = absl::UnixEpoch();  // Since when it has its status.
  std::string status_reason;                   // Why: key_health.h. Empty when it is valid.
  std::string
      model;  // That this version was tested for when it was saved; empty for the usual one.
};

// One version of a key as it stands in a row: nothing in it can be read without the root key.
struct StoredKey {
  KeyInfo info;
  std::string tenant_key;  // The tenant's key, wrapped by a root key.
  secret::SealedKey sealed;
};

// What its blobs are bound to.
secret::KeyAddress AddressOf(const KeyInfo& info);

// kNotFound `key_not_found`, with the provider's name in the metadata.
absl::Status KeyNotFound(Provider provider);

}  // namespace latchkey::keyvault
