#include "lib/pg/row.h"

#include <libpq-fe.h>

#include <bit>
#include <cstring>

#include "lib/base/check.h"

namespace latchkey::pg {
namespace {

// Types' object ids: pg_type.dat, stable for ever.
constexpr Oid kBool = 16, kBytea = 17, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25;
constexpr Oid kJson = 114, kTextArray = 1009, kBpchar = 1042, kVarchar = 1043;
constexpr Oid kTimestamptz = 1184, kJsonb = 3802;

// Binary timestamps count microseconds from here.
absl::Time PostgresEpoch() { return absl::FromUnixSeconds(946'684'800); }  // 2000-01-01T00:00:00Z

// Takes a big-endian number off the front.
template <typename T>
T TakeNumber(std::string_view& bytes) {
  Check(bytes.size() >= sizeof(T), "a number is shorter than its type");
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    number = (number << 8) | static_cast<uint8_t>(bytes[i]);
  }
  bytes.remove_prefix(sizeof(T));
  return static_cast<T>(number);
}

std::string ArrayLiteral(const std::vector<std::string>& texts) {
  std::string literal = "{";
  for (const std::string& text : texts) {
    if (literal.size() > 1) literal += ',';
    literal += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  return literal + '}';
}

// Bytea's text form inside an array: "\\x00ff".
std::string HexLiteral(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string literal = "\\x";
  for (const char c : bytes) {
    literal += kDigits[static_cast<uint8_t>(c) >> 4];
    literal += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return literal;
}

std::string TimeLiteral(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "infinity";
  if (time == absl::InfinitePast()) return "-infinity";
  return absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", time, absl::UTCTimeZone());
}

}  // namespace

Params& Params::Add(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) valid_ = false;
  values_.push_back({std::string(text), false});
  return *this;
}

Params& Params::Add(bool value) { return Add(std::string_view(value ? "t" : "f")); }

Params& Params::Add(absl::Time time) { return Add(std::string_view(TimeLiteral(time))); }

Params& Params::Add(const Bytes& bytes) {
  values_.push_back({bytes.bytes(), true});
  return *this;
}

Params& Params::Add(const std::vector<std::string>& texts) {
  return Add(std::string_view(ArrayLiteral(texts)));
}

Params& Params::Add(const std::vector<int64_t>& numbers) {
  std::vector<std::string> texts;
  texts.reserve(numbers.size());
  for (const int64_t number : numbers) texts.push_back(std::to_string(number));
  return Add(texts);
}

Params& Params::Add(const std::vector<absl::Time>& times) {
  std::vector<std::string> texts;
  texts.reserve(times.size());
  for (const absl::Time time : times) texts.push_back(TimeLiteral(time));
  return Add(texts);
}

Params& Params::Add(const std::vector<Bytes>& blobs) {
  std::vector<std::string> texts;
  texts.reserve(blobs.size());
  for (const Bytes& blob : blobs) texts.push_back(HexLiteral(blob.bytes()));
  return Add(texts);
}

Params& Params::Add(std::nullopt_t) {
  values_.push_back({std::nullopt, false});
  return *this;
}

Params& Params::AddNumber(int64_t number) { return Add(std::string_view(std::to_string(number))); }

bool Row::IsNull(int column) const {
  Check(column >= 0 && column < PQnfields(result_), "a row has no such column");
  return PQgetisnull(result_, index_, column) == 1;
}

std::string_view Row::Value(int column) const {
  Check(!IsNull(column), "a NULL is read as a value");
  return {PQgetvalue(result_, index_, column),
          static_cast<size_t>(PQgetlength(result_, index_, column))};
}

std::string Row::Text(int column) const {
  std::string_view value = Value(column);
  const Oid type = PQftype(result_, column);
  if (type == kJsonb) value.remove_prefix(1);  // Its format's version.
  Check(type == kText || type == kVarchar || type == kBpchar || type == kName || type == kJson ||
            type == kJsonb,
        "a column is read as text that is none");
  return std::string(value);
}

int64_t Row::Int(int column) const {
  std::string_view value = Value(column);
  switch (PQftype(result_, column)) {
    case kInt2:
      return TakeNumber<int16_t>(value);
    case kInt4:
      return TakeNumber<int32_t>(value);
    case kInt8:
      return TakeNumber<int64_t>(value);
    default:
      Check(false, "a column is read as a whole number that is none");
      return 0;
  }
}

bool Row::Bool(int column) const {
  Check(PQftype(result_, column) == kBool, "a column is read as bool that is none");
  return Value(column).front() != 0;
}

std::string Row::Bytes(int column) const {
  Check(PQftype(result_, column) == kBytea, "a column is read as bytea that is none");
  return std::string(Value(column));
}

absl::Time Row::Time(int column) const {
  Check(PQftype(result_, column) == kTimestamptz, "a column is read as timestamptz that is none");
  std::string_view value = Value(column);
  const int64_t micros = TakeNumber<int64_t>(value);
  if (micros == INT64_MAX) return absl::InfiniteFuture();
  if (micros == INT64_MIN) return absl::InfinitePast();
  return PostgresEpoch() + absl::Microseconds(micros);
}

std::vector<std::string> Row::Texts(int column) const {
  Check(PQftype(result_, column) == kTextArray, "a column is read as text[] that is none");
  std::string_view value = Value(column);
  std::vector<std::string> texts;
  const int32_t dimensions = TakeNumber<int32_t>(value);
  TakeNumber<int32_t>(value);  // Whether there are NULLs; each is looked at below.
  TakeNumber<int32_t>(value);  // The elements' type.
  if (dimensions == 0) return texts;
  const int32_t count = TakeNumber<int32_t>(value);
  TakeNumber<int32_t>(value);  // The index of the first element.
  for (int32_t i = 0; i < count; ++i) {
    const int32_t length = TakeNumber<int32_t>(value);
    Check(length >= 0, "a NULL in a text[] is read as a value");
    texts.emplace_back(value.substr(0, static_cast<size_t>(length)));
    value.remove_prefix(static_cast<size_t>(length));
  }
  return texts;
}

std::optional<std::string> Row::OptionalText(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Text(column);
}

std::optional<int64_t> Row::OptionalInt(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Int(column);
}

std::optional<bool> Row::OptionalBool(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Bool(column);
}

std::optional<std::string> Row::OptionalBytes(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Bytes(column);
}

std::optional<absl::Time> Row::OptionalTime(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }

Rows::Rows(pg_result* result) : result_(result), size_(PQntuples(result)) {}

Row Rows::operator[](int index) const {
  Check(index >= 0 && index < size_, "a result has no such row");
  return Row(result_.get(), index);
}

int64_t Rows::affected() const {
  const std::string count = PQcmdTuples(result_.get());
  return count.empty() ? 0 : std::stoll(count);
}

std::string_view Rows::tag() const { return PQcmdStatus(result_.get()); }

}  // namespace latchkey::pg
