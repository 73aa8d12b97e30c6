// Candidates, tickets and stored versions for keyvault's tests.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/secret/envelope.h"
#include "lib/secret/sealed_box.h"
#include "services/keyvault/domain/intake.h"
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/ticket.h"

namespace latchkey::keyvault {

inline constexpr std::string_view kAnthropicKey = "sk-ant-api03-canary-0123456789-abcdefxy12";
inline constexpr std::string_view kTwilioSid = "AC0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kTwilioToken = "fedcba9876543210fedcba9876541234";

KeySlot SlotOf(std::string_view tenant, Provider provider, std::string_view number = "");

// As gateway seals it: each field to the intake key.
SealedCandidate SealCandidate(const std::string& intake_key_id, const secret::BoxPublicKey& intake,
                              const KeySlot& slot,
                              const std::map<std::string, std::string>& fields);

// Holds from one minute before `now` to four after, and leases for an hour.
Ticket TicketFor(std::vector<KeySlot> grants, absl::Time now, std::string_view call = "call_1",
                 char nonce = 'n');

// One version of a key with the field api_key, sealed by `envelope`.
NewVersion SealVersion(const secret::Envelope& envelope, const std::string& tenant_key,
                       const KeyInfo& info, std::string_view api_key, std::string_view request_id);

KeyInfo InfoOf(const KeySlot& slot, std::string_view key_id, int version);

}  // namespace latchkey::keyvault
