// Standard webhook: how a request to a tenant's server is signed (standardwebhooks.com, 1.0).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace latchkey::orchestrator {

inline constexpr std::string_view kWebhookId = "webhook-id";
inline constexpr std::string_view kWebhookTimestamp = "webhook-timestamp";
inline constexpr std::string_view kWebhookSignature = "webhook-signature";

// "1790000000": whole seconds.
std::string WebhookTimestamp(absl::Time time);

// What is signed: "id.timestamp.body".
std::string SignedContent(std::string_view id, std::string_view timestamp, std::string_view body);

// "v1,…" for each HMAC-SHA256 of the signed content, with spaces between: who verifies takes any.
std::string SignatureHeader(const std::vector<std::string>& macs);

}  // namespace latchkey::orchestrator
