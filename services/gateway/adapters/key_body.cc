#include "services/gateway/adapters/key_body.h"

#include <algorithm>
#include <span>
#include <utility>

namespace latchkey::gateway {
namespace {

constexpr size_t kFieldsMax = 16;
constexpr size_t kNameBytesMax = 64;
constexpr size_t kListMax = 1000;  // More than a body has room for.
constexpr uint32_t kSurrogates = 0xD800;
constexpr uint32_t kLowSurrogates = 0xDC00;
constexpr uint32_t kSurrogatesEnd = 0xE000;

int HexDigit(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What follows a backslash, but for 'u'; 0 when nothing may.
uint8_t Unescaped(uint8_t c) {
  constexpr std::string_view kFrom = "\"\\/bfnrt";
  constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  const size_t at = kFrom.find(static_cast<char>(c));
  return at == std::string_view::npos ? uint8_t{0} : static_cast<uint8_t>(kTo[at]);
}

}  // namespace

// One pass over RFC 8259 text. What is decoded is never longer than what it was decoded from, so it
// is written over it.
class KeyBody::Reader {
 public:
  explicit Reader(std::span<uint8_t> text) : text_(text) {}

  bool Object(Members& members) {
    if (!Symbol('{')) return false;
    bool more = !Symbol('}');
    while (more) {
      if (members.size() == kFieldsMax || !ReadMember(members)) return false;
      more = Symbol(',');
      if (!more && !Symbol('}')) return false;
    }
    SkipSpace();
    return at_ == text_.size();
  }

 private:
  bool ReadMember(Members& members) {
    const std::optional<Place> name = Text();
    if (!name || name->size > kNameBytesMax || !Symbol(':')) return false;
    std::optional<Member> value = Value();
    if (!value) return false;
    const auto* const letters = reinterpret_cast<const char*>(text_.data() + name->begin);
    return members.emplace(std::string(letters, name->size), *std::move(value)).second;
  }

  std::optional<Member> Value() {
    if (Symbol('[')) return List();
    if (Word("true")) return true;
    if (Word("false")) return false;
    const std::optional<Place> text = Text();
    if (!text) return std::nullopt;
    return *text;
  }

  // After its bracket.
  std::optional<Member> List() {
    std::vector<Place> items;
    bool more = !Symbol(']');
    while (more) {
      const std::optional<Place> item = Text();
      if (!item || items.size() == kListMax) return std::nullopt;
      items.push_back(*item);
      more = Symbol(',');
      if (!more && !Symbol(']')) return std::nullopt;
    }
    return items;
  }

  bool Word(std::string_view wanted) {
    SkipSpace();
    if (text_.size() - at_ < wanted.size()) return false;
    if (!std::equal(wanted.begin(), wanted.end(), text_.begin() + static_cast<long>(at_))) {
      return false;
    }
    at_ += wanted.size();
    return true;
  }

  std::optional<Place> Text() {
    if (!Symbol('"')) return std::nullopt;
    const size_t begin = at_;
    write_ = at_;
    while (at_ < text_.size()) {
      const uint8_t c = text_[at_++];
      if (c == '"') return Place{begin, write_ - begin};
      if (c < 0x20) return std::nullopt;
      if (c != '\\') {
        text_[write_++] = c;
      } else if (!Escape()) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  bool Escape() {
    if (at_ == text_.size()) return false;
    const uint8_t c = text_[at_++];
    if (c == 'u') return CodePoint();
    const uint8_t plain = Unescaped(c);
    if (plain == 0) return false;
    text_[write_++] = plain;
    return true;
  }

  bool CodePoint() {
    std::optional<uint32_t> code = Hex4();
    if (!code || (*code >= kLowSurrogates && *code < kSurrogatesEnd)) return false;
    if (*code >= kSurrogates && *code < kLowSurrogates) {
      if (at_ + 2 > text_.size() || text_[at_] != '\\' || text_[at_ + 1] != 'u') return false;
      at_ += 2;
      const std::optional<uint32_t> low = Hex4();
      if (!low || *low < kLowSurrogates || *low >= kSurrogatesEnd) return false;
      code = 0x10000 + ((*code - kSurrogates) << 10) + (*low - kLowSurrogates);
    }
    PutUtf8(*code);
    return true;
  }

  std::optional<uint32_t> Hex4() {
    uint32_t code = 0;
    if (at_ + 4 > text_.size()) return std::nullopt;
    for (int i = 0; i < 4; ++i) {
      const int digit = HexDigit(text_[at_++]);
      if (digit < 0) return std::nullopt;
      code = code * 16 + static_cast<uint32_t>(digit);
    }
    return code;
  }

  void PutUtf8(uint32_t code) {
    if (code < 0x80) return Put(code);
    if (code < 0x800) {
      Put(0xC0 | code >> 6);
    } else if (code < 0x10000) {
      Put(0xE0 | code >> 12);
      Put(0x80 | (code >> 6 & 0x3F));
    } else {
      Put(0xF0 | code >> 18);
      Put(0x80 | (code >> 12 & 0x3F));
      Put(0x80 | (code >> 6 & 0x3F));
    }
    Put(0x80 | (code & 0x3F));
  }
  void Put(uint32_t byte) { text_[write_++] = static_cast<uint8_t>(byte); }

  bool Symbol(char wanted) {
    SkipSpace();
    if (at_ == text_.size() || text_[at_] != static_cast<uint8_t>(wanted)) return false;
    ++at_;
    return true;
  }

  void SkipSpace() {
    constexpr std::string_view kSpace = " \t\r\n";
    while (at_ < text_.size() && kSpace.find(static_cast<char>(text_[at_])) != kSpace.npos) ++at_;
  }

  std::span<uint8_t> text_;
  size_t at_ = 0;
  size_t write_ = 0;  // Where the text under way grows; never ahead of at_.
};

std::optional<KeyBody> KeyBody::Parse(Secret body) {
  KeyBody parsed;
  parsed.body_ = std::move(body);
  Reader reader(parsed.body_.Mutable(secret::SecretAccess()));
  if (!reader.Object(parsed.members_)) return std::nullopt;
  return parsed;
}

std::optional<Secret> KeyBody::Find(std::string_view name) const {
  const auto found = members_.find(name);
  if (found == members_.end()) return std::nullopt;
  const Place* place = std::get_if<Place>(&found->second);
  if (place == nullptr) return std::nullopt;
  return Secret(At(*place));
}

std::optional<bool> KeyBody::FindBool(std::string_view name) const {
  const auto found = members_.find(name);
  if (found == members_.end()) return std::nullopt;
  const bool* value = std::get_if<bool>(&found->second);
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::optional<std::vector<NumberId>> KeyBody::FindNumbers(std::string_view name) const {
  const auto found = members_.find(name);
  if (found == members_.end()) return std::nullopt;
  const std::vector<Place>* list = std::get_if<std::vector<Place>>(&found->second);
  if (list == nullptr) return std::nullopt;
  std::vector<NumberId> numbers;
  for (const Place& place : *list) {
    absl::StatusOr<NumberId> number = NumberId::Parse(At(place));
    if (!number.ok()) return std::nullopt;
    numbers.push_back(*std::move(number));
  }
  return numbers;
}

std::string_view KeyBody::At(const Place& place) const {
  return body_.Reveal(secret::SecretAccess()).substr(place.begin, place.size);
}

}  // namespace latchkey::gateway
