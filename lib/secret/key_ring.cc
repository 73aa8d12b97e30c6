#include "lib/secret/key_ring.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "lib/secret/key_file.h"
#include "lib/secret/mac.h"

namespace latchkey::secret {

namespace {

constexpr std::string_view kIntakeContext = "lkintake";
constexpr std::string_view kIdLabel = "latchkey root key id v1";
constexpr std::string_view kRemedy =
    "Make one with `latchkey-keyvault --generate-root-key`, and keep it: without it no stored key "
    "can be opened.";

absl::Status Refusal(std::string_view reason, std::string_view sentence) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, sentence);
}

absl::StatusOr<Secret> ParseRootKey(std::string_view text, std::string_view source) {
  if (text.empty()) {
    return Refusal("root_key_missing", fmt::format("{} is not set. {}", source, kRemedy));
  }
  absl::StatusOr<Secret> key = ParseBase64(text);
  if (!key.ok()) {
    return Refusal("root_key_malformed",
                   fmt::format("{} is not base64 of 32 bytes. {}", source, kRemedy));
  }
  if (key->size() == SealingKey::kBytes) return key;
  return Refusal("root_key_wrong_length", fmt::format("{} holds {} bytes; a root key has 32. {}",
                                                      source, key->size(), kRemedy));
}

// 8 hex digits of a hash under the key, which tell nothing about it.
std::string RootKeyHash(std::string_view key) {
  uint8_t hash[crypto_generichash_BYTES];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const uint8_t*>(kIdLabel.data()),
                     kIdLabel.size(), reinterpret_cast<const uint8_t*>(key.data()), key.size());
  return Hex({reinterpret_cast<const char*>(hash), 4});
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

bool IsRootKeyId(std::string_view id) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !id.empty() && id.size() <= Blob::kKeyIdBytesMax &&
         id.find_first_not_of(kAllowed) == std::string_view::npos;
}

absl::Status MalformedLine(std::string_view source, int line, std::string_view why) {
  return Refusal("key_ring_malformed", fmt::format("Line {} of {}: {}.", line, source, why));
}

}  // namespace

absl::StatusOr<KeyRing> KeyRing::FromBase64(std::string_view text, std::string_view source) {
  absl::StatusOr<Secret> key = ParseRootKey(Trimmed(text), source);
  if (!key.ok()) return key.status();
  KeyRing ring;
  ring.current_ = "root-" + RootKeyHash(key->Reveal(SecretAccess()));
  ring.keys_.emplace(ring.current_, SealingKey(ring.current_, *std::move(key)));
  return ring;
}

absl::StatusOr<KeyRing> KeyRing::FromFile(const std::string& path) {
  const absl::StatusOr<Secret> text = KeyFile::Read(path);
  if (!text.ok()) return text.status();
  return Parse(text->Reveal(SecretAccess()), path);
}

absl::Status KeyRing::ParseLine(std::string_view text, int line, std::string_view source) {
  const size_t space = text.find_first_of(" \t");
  const std::string_view id = text.substr(0, space);
  const std::string_view rest =
      space == std::string_view::npos ? std::string_view() : Trimmed(text.substr(space));
  if (rest.empty()) return MalformedLine(source, line, "it is not \"<id> <base64>\"");
  if (id == "current") {
    if (!current_.empty()) return MalformedLine(source, line, "a second key is called current");
    current_ = rest;
    return absl::OkStatus();
  }
  if (!IsRootKeyId(id)) {
    return MalformedLine(source, line, "an id has 1 to 64 letters, digits, '_', '-' or '.'");
  }
  // Without the id: a key that was broken in two would stand in its place.
  absl::StatusOr<Secret> key =
      ParseRootKey(rest, fmt::format("The root key in line {} of {}", line, source));
  if (!key.ok()) return key.status();
  const bool added =
      keys_.emplace(std::string(id), SealingKey(std::string(id), *std::move(key))).second;
  if (!added) return MalformedLine(source, line, "the id was given before");
  return absl::OkStatus();
}

absl::StatusOr<KeyRing> KeyRing::Parse(std::string_view text, std::string_view source) {
  KeyRing ring;
  int line = 0;
  while (!text.empty()) {
    ++line;
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view entry = Trimmed(text.substr(0, std::min(text.find('#'), end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (entry.empty()) continue;
    absl::Status parsed = ring.ParseLine(entry, line, source);
    if (!parsed.ok()) return parsed;
  }
  if (ring.keys_.empty()) {
    return Refusal("root_key_missing", fmt::format("{} holds no root key. {}", source, kRemedy));
  }
  if (ring.keys_.contains(ring.current_)) return ring;
  return Refusal(
      "key_ring_malformed",
      fmt::format("{} has no line \"current <id>\" that names one of its keys.", source));
}

const SealingKey& KeyRing::current() const { return keys_.find(current_)->second; }

const SealingKey* KeyRing::Find(std::string_view id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

std::vector<std::string> KeyRing::ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, key] : keys_) ids.push_back(id);
  return ids;
}

BoxKeyPair KeyRing::IntakePair() const {
  return BoxKeyPair::FromSecret(current().Derive(1, kIntakeContext));
}

std::string GenerateRootKey() {
  Prepare();
  std::string bytes(SealingKey::kBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  std::string text = Base64(bytes);
  Wipe(bytes);
  return text;
}

}  // namespace latchkey::secret
