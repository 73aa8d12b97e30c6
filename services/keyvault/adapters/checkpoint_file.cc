#include "services/keyvault/adapters/checkpoint_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <fstream>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "lib/base/error.h"
#include "lib/secret/mac.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace asio = boost::asio;

namespace {

std::string LineOf(const AuditCheckpoint& checkpoint) {
  return fmt::format(R"({{"tenant":"{}","number":"{}","hash":"{}","micros":"{}",)"
                     R"("root_key":"{}","signature":"{}"}})"
                     "\n",
                     checkpoint.tenant, checkpoint.number, secret::Hex(checkpoint.hash),
                     absl::ToUnixMicros(checkpoint.time), checkpoint.root_key_id,
                     secret::Hex(checkpoint.signature));
}

// The text of one of our own lines' fields; "" when it is not there. No value has a quote.
std::string Field(std::string_view line, std::string_view name) {
  const std::string before = fmt::format("\"{}\":\"", name);
  const size_t begin = line.find(before);
  if (begin == std::string_view::npos) return "";
  const std::string_view rest = line.substr(begin + before.size());
  return std::string(rest.substr(0, rest.find('"')));
}

bool IsHex(const std::string& text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// A line that somebody made up is no error: its signature does not hold.
AuditCheckpoint ParseLine(std::string_view line) {
  AuditCheckpoint checkpoint;
  checkpoint.tenant = Field(line, "tenant");
  checkpoint.root_key_id = Field(line, "root_key");
  int64_t micros = 0;
  if (!absl::SimpleAtoi(Field(line, "number"), &checkpoint.number)) checkpoint.number = 0;
  if (absl::SimpleAtoi(Field(line, "micros"), &micros))
    checkpoint.time = absl::FromUnixMicros(micros);
  const std::string hash = Field(line, "hash");
  const std::string signature = Field(line, "signature");
  if (IsHex(hash)) checkpoint.hash = absl::HexStringToBytes(hash);
  if (IsHex(signature)) checkpoint.signature = absl::HexStringToBytes(signature);
  return checkpoint;
}

absl::Status Unwritable() {
  return Error(absl::StatusCode::kUnavailable, reason::kCheckpointsUnwritable,
               "The file of audit checkpoints cannot be written. Look after its directory.");
}

// A write that was cut off, by a full disk, leaves half a line: the next one begins on its own.
bool EndsInTheMiddle(int file) {
  char last = '\n';
  const off_t end = lseek(file, 0, SEEK_END);
  return end > 0 && pread(file, &last, 1, end - 1) == 1 && last != '\n';
}

}  // namespace

CheckpointFile::CheckpointFile(const std::string& directory)
    : path_(directory.empty() ? "" : directory + "/audit-checkpoints.jsonl") {}

CheckpointFile::~CheckpointFile() { disk_.join(); }

Task<absl::Status> CheckpointFile::Append(const std::vector<AuditCheckpoint>& checkpoints) {
  if (!enabled() || checkpoints.empty()) co_return absl::OkStatus();
  std::string lines;
  for (const AuditCheckpoint& checkpoint : checkpoints) lines += LineOf(checkpoint);
  co_return co_await asio::co_spawn(disk_, Write(std::move(lines)), asio::use_awaitable);
}

// On the disk's thread, as Read().
Task<absl::Status> CheckpointFile::Write(std::string lines) {
  const int file = open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) co_return Unwritable();
  if (EndsInTheMiddle(file)) lines.insert(lines.begin(), '\n');
  const ssize_t written = write(file, lines.data(), lines.size());
  const bool kept = written == static_cast<ssize_t>(lines.size()) && fsync(file) == 0;
  close(file);
  if (!kept) co_return Unwritable();
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<AuditCheckpoint>>> CheckpointFile::ListLast(
    const TenantId& tenant) {
  if (!enabled()) co_return std::vector<AuditCheckpoint>();
  co_return co_await asio::co_spawn(disk_, Read(tenant.text()), asio::use_awaitable);
}

Task<absl::StatusOr<std::vector<AuditCheckpoint>>> CheckpointFile::Read(std::string tenant) {
  std::deque<AuditCheckpoint> last;
  if (access(path_.c_str(), F_OK) != 0) co_return std::vector<AuditCheckpoint>();  // None yet.
  std::ifstream file(path_);
  std::string line;
  while (std::getline(file, line)) {
    if (Field(line, "tenant") != tenant) continue;
    last.push_back(ParseLine(line));
    if (last.size() > kCheckpointsReadMax) last.pop_front();
  }
  if (!file.eof()) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reason::kCheckpointsUnreadable,
                    "The file of audit checkpoints cannot be read. Look after its directory.");
  }
  std::vector<AuditCheckpoint> checkpoints(last.begin(), last.end());
  std::ranges::stable_sort(checkpoints, {}, &AuditCheckpoint::number);
  co_return checkpoints;
}

}  // namespace latchkey::keyvault
