#include "lib/secret/blob.h"

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::secret {

namespace {

constexpr std::string_view kMagic = "LKB1";
constexpr char kFormatVersion = 1;
constexpr char kAes256Gcm = 1;
constexpr size_t kFixedBytes = kMagic.size() + 3;  // Magic, version, algorithm, length of the id.

absl::Status Unreadable() {
  return Error(absl::StatusCode::kInvalidArgument, "blob_unreadable",
               "A stored key cannot be opened: it is damaged, or it was moved from another row.");
}

}  // namespace

std::string Blob::Encode() const {
  Check(!key_id.empty() && key_id.size() <= kKeyIdBytesMax, "a key id has 1 to 64 bytes");
  Check(commitment.size() == kCommitmentBytes && nonce.size() == kNonceBytes, "a header is whole");
  std::string bytes(kMagic);
  bytes.push_back(kFormatVersion);
  bytes.push_back(kAes256Gcm);
  bytes.push_back(static_cast<char>(key_id.size()));
  return bytes + key_id + commitment + nonce + ciphertext;
}

absl::StatusOr<Blob> Blob::Parse(std::string_view bytes) {
  if (bytes.size() < kFixedBytes || !bytes.starts_with(kMagic)) return Unreadable();
  if (bytes[4] != kFormatVersion || bytes[5] != kAes256Gcm) return Unreadable();
  const size_t id_bytes = static_cast<unsigned char>(bytes[6]);
  if (id_bytes == 0 || id_bytes > kKeyIdBytesMax) return Unreadable();
  bytes.remove_prefix(kFixedBytes);
  if (bytes.size() < id_bytes + kCommitmentBytes + kNonceBytes + kTagBytes) return Unreadable();

  Blob blob;
  blob.key_id = bytes.substr(0, id_bytes);
  bytes.remove_prefix(id_bytes);
  blob.commitment = bytes.substr(0, kCommitmentBytes);
  bytes.remove_prefix(kCommitmentBytes);
  blob.nonce = bytes.substr(0, kNonceBytes);
  blob.ciphertext = bytes.substr(kNonceBytes);
  return blob;
}

}  // namespace latchkey::secret
