#include "services/orchestrator/adapters/standard_webhook.h"

#include <fmt/format.h>

#include <cstdint>
#include <span>

#include "lib/base/base64.h"

namespace latchkey::orchestrator {

std::string WebhookTimestamp(absl::Time time) { return std::to_string(absl::ToUnixSeconds(time)); }

std::string SignedContent(std::string_view id, std::string_view timestamp, std::string_view body) {
  return fmt::format("{}.{}.{}", id, timestamp, body);
}

std::string SignatureHeader(const std::vector<std::string>& macs) {
  std::string header;
  for (const std::string& mac : macs) {
    header += header.empty() ? "v1," : " v1,";
    AppendBase64(std::span(reinterpret_cast<const uint8_t*>(mac.data()), mac.size()), header);
  }
  return header;
}

}  // namespace latchkey::orchestrator
