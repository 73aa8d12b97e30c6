#include "lib/base/error.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"

namespace latchkey {
namespace {

// One payload: the reason, then key and value lines, each escaped so that it has no line break.
constexpr char kPayload[] = "latchkey/error";

std::vector<std::string> Lines(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  if (!payload.has_value()) return {};
  return absl::StrSplit(std::string(*payload), '\n');
}

std::string Unescape(const std::string& line) {
  std::string text;
  return absl::CUnescape(line, &text) ? text : std::string();
}

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::Status Error(absl::StatusCode code, std::string_view reason, std::string_view message,
                   ErrorMetadata metadata) {
  absl::Status status(code, View(message));
  std::string payload = absl::CEscape(View(reason));
  for (const auto& [key, value] : metadata) {
    payload += '\n' + absl::CEscape(key) + '\n' + absl::CEscape(value);
  }
  status.SetPayload(kPayload, absl::Cord(payload));
  return status;
}

std::string Reason(const absl::Status& status) {
  const std::vector<std::string> lines = Lines(status);
  return lines.empty() ? std::string() : Unescape(lines[0]);
}

ErrorMetadata Metadata(const absl::Status& status) {
  ErrorMetadata metadata;
  const std::vector<std::string> lines = Lines(status);
  for (size_t i = 1; i + 1 < lines.size(); i += 2) {
    metadata[Unescape(lines[i])] = Unescape(lines[i + 1]);
  }
  return metadata;
}

absl::Status WithMetadata(absl::Status status, std::string_view key, std::string_view value) {
  ErrorMetadata metadata = Metadata(status);
  metadata[std::string(key)] = std::string(value);
  return Error(status.code(), Reason(status), Message(status), std::move(metadata));
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

}  // namespace latchkey
