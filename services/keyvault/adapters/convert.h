// Protos of keyvault ↔ its domain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/secret/signature.h"
#include "services/keyvault/domain/carrier_verifier.h"
#include "services/keyvault/domain/intake.h"
#include "services/keyvault/domain/leases.h"
#include "services/keyvault/domain/vault.h"

namespace latchkey::keyvault {

// Untrusted messages. kInvalidArgument `malformed_request` says which field is wrong.
absl::StatusOr<KeySlot> ParseSlot(const type::v1::Scope& scope, type::v1::Provider provider);
absl::StatusOr<SealedCandidate> ParseCandidate(const v1::Candidate& candidate,
                                               const std::string& model);
absl::StatusOr<std::vector<NumbersSave::Target>> ParseTargets(
    const google::protobuf::RepeatedPtrField<v1::NumberTarget>& messages);
absl::StatusOr<std::optional<KeyCursor>> ParsePageToken(const std::string& token);
absl::StatusOr<CarrierRequest> ParseCarrierRequest(
    const v1::VerifyCarrierSignatureRequest& request);

// Also kPermissionDenied `ticket_forged`: nothing in it is looked at before the signature holds.
absl::StatusOr<Ticket> ParseTicket(const type::v1::SignedTicket& signed_ticket,
                                   const secret::VerifyingKey& dialer);

void FillKey(const KeyInfo& info, v1::Key& key);
void FillResult(const NumbersSave::Target& target, const absl::StatusOr<SavedKey>& saved,
                v1::NumberKeyResult& message);
void FillFacts(const AccountFacts& facts, v1::AccountFacts& out);
void FillLeasedKey(const LeasedKey& key, v1::LeasedKey& out);
std::string PageToken(const std::optional<KeyCursor>& cursor);

google::protobuf::Timestamp ToTimestamp(absl::Time time);

}  // namespace latchkey::keyvault
