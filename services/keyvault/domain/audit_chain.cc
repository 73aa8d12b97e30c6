#include "services/keyvault/domain/audit_chain.h"

#include <string_view>

#include "lib/base/check.h"
#include "lib/secret/additional_data.h"
#include "lib/secret/mac.h"

namespace latchkey::keyvault {

namespace {

constexpr std::string_view kContext = "lk_audit";
constexpr uint64_t kChainKey = 1;
constexpr uint64_t kCheckpointKey = 2;
constexpr std::string_view kRowLabel = "latchkey audit row v1";
constexpr std::string_view kCheckpointLabel = "latchkey audit checkpoint v1";

std::string Decimal(int64_t number) { return std::to_string(number); }

// Each field after its length, so that a row has one reading only.
std::string Encode(const ChainedRow& row, const std::string& previous_hash) {
  return secret::AdditionalData({kRowLabel, row.tenant, Decimal(row.number),
                                 Decimal(absl::ToUnixMicros(row.time)), row.action, row.outcome,
                                 row.actor, row.number_id, Decimal(row.provider), row.key,
                                 Decimal(row.key_version), row.lease, row.call, row.reason,
                                 Decimal(row.count), row.root_key_id, previous_hash})
      .bytes();
}

std::string Encode(const AuditCheckpoint& checkpoint) {
  return secret::AdditionalData({checkpoint.tenant, Decimal(checkpoint.number), checkpoint.hash,
                                 Decimal(absl::ToUnixMicros(checkpoint.time)),
                                 checkpoint.root_key_id})
      .bytes();
}

std::string Hash(const secret::SealingKey& root, const ChainedRow& row,
                 const std::string& previous_hash) {
  return secret::Mac::Blake2b(root.Derive(kChainKey, kContext), Encode(row, previous_hash));
}

secret::SigningKey Signer(const secret::SealingKey& root) {
  absl::StatusOr<secret::SigningKey> key =
      secret::SigningKey::FromSeed(root.Derive(kCheckpointKey, kContext));
  Check(key.ok(), "a derived key has the length of a seed");
  return *std::move(key);
}

}  // namespace

void AuditChain::Link(ChainedRow& row, const std::string& previous_hash) const {
  row.root_key_id = ring_.current().id();
  row.hash = Hash(ring_.current(), row, previous_hash);
}

std::optional<std::string> AuditChain::HashOf(const ChainedRow& row,
                                              const std::string& previous_hash) const {
  const secret::SealingKey* root = ring_.Find(row.root_key_id);
  if (root == nullptr) return std::nullopt;
  return Hash(*root, row, previous_hash);
}

void AuditChain::Sign(AuditCheckpoint& checkpoint) const {
  checkpoint.root_key_id = ring_.current().id();
  checkpoint.signature = Signer(ring_.current()).Sign(kCheckpointLabel, Encode(checkpoint));
}

bool AuditChain::Verify(const AuditCheckpoint& checkpoint) const {
  const secret::SealingKey* root = ring_.Find(checkpoint.root_key_id);
  if (root == nullptr) return false;
  return Signer(*root).verifying_key().Verify(kCheckpointLabel, Encode(checkpoint),
                                              checkpoint.signature);
}

}  // namespace latchkey::keyvault
