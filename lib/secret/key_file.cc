#include "lib/secret/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "lib/base/error.h"
#include "lib/secret/mac.h"
#include "lib/secret/signature.h"

namespace latchkey::secret {

namespace {

constexpr size_t kFileBytesMax = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

absl::Status Unusable(const std::string& path, std::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "key_file_unusable",
               fmt::format("The key file {} cannot be used: {}.", path, why));
}

absl::Status WriteText(const std::string& path, std::string_view text, mode_t mode) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.number() < 0) return Unusable(path, std::strerror(errno));
  while (!text.empty()) {
    const ssize_t written = write(file.number(), text.data(), text.size());
    if (written <= 0) return Unusable(path, std::strerror(errno));
    text.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// base64 text may end in a line end, and be preceded by nothing.
std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

absl::StatusOr<Secret> KeyFile::Read(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return Unusable(path, std::strerror(errno));
  Secret room = Secret::OfSize(kFileBytesMax);
  const std::span<uint8_t> bytes = room.Mutable(SecretAccess());
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.number(), bytes.data() + size, bytes.size() - size);
    if (got < 0) return Unusable(path, std::strerror(errno));
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size == bytes.size()) return Unusable(path, "it is longer than any key file");
  return Secret(room.Reveal(SecretAccess()).substr(0, size));
}

absl::StatusOr<Secret> KeyFile::ReadBase64(const std::string& path, size_t size) {
  const absl::StatusOr<Secret> text = Read(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<Secret> bytes = ParseBase64(Trimmed(text->Reveal(SecretAccess())));
  if (!bytes.ok()) return Unusable(path, "it does not hold base64");
  if (bytes->size() == size) return bytes;
  return Unusable(path, fmt::format("it holds {} bytes, and {} are wanted", bytes->size(), size));
}

absl::Status KeyFile::WriteBase64(const std::string& path, const Secret& secret) {
  std::string text = Base64(secret.Reveal(SecretAccess()));
  absl::Status written = WriteText(path, text, 0600);
  Wipe(text);
  return written;
}

absl::StatusOr<Secret> ParseBase64(std::string_view text) {
  Prepare();
  std::string bytes(text.size(), '\0');
  size_t size = 0;
  const int parsed =
      sodium_base642bin(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (parsed != 0) {
    Wipe(bytes);
    return Error(absl::StatusCode::kInvalidArgument, "malformed_base64",
                 "This is not base64 (standard alphabet, with padding).");
  }
  bytes.resize(size);
  return Secret::Take(bytes);
}

absl::Status GenerateTicketKey(const std::string& directory) {
  const Secret seed = Secret::Random(32);
  const absl::StatusOr<SigningKey> key = SigningKey::FromSeed(seed);
  if (!key.ok()) return key.status();
  std::error_code ignored;  // If it cannot be made, writing into it says so.
  std::filesystem::create_directories(directory, ignored);
  absl::Status written = KeyFile::WriteBase64(directory + "/ticket.key", seed);
  if (!written.ok()) return written;
  return WriteText(directory + "/ticket.pub", Base64(key->verifying_key().bytes()), 0644);
}

}  // namespace latchkey::secret
