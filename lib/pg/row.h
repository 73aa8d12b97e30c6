// Params, Rows and Row: values on their way into a statement and out of its result.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

struct pg_result;

namespace latchkey::pg {

// Marks a parameter as bytea; without it, text is text.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// The parameters $1, $2, … of a statement, in order. Takes text, whole numbers, bool, absl::Time
// (timestamptz), Bytes (bytea), vectors of text, int64_t, absl::Time or Bytes (arrays, to be cast:
// `unnest($1::bigint[])`), std::optional of these, and std::nullopt (NULL):
//
//   co_await pool.Query(kInsert, pg::Params(id.text(), clock.Now(), pg::Bytes(blob)));
class Params {
 public:
  Params() = default;
  template <typename... Values>
  requires(sizeof...(Values) > 0) explicit Params(const Values&... values) {
    values_.reserve(sizeof...(Values));
    (Add(values), ...);
  }

  Params& Add(std::string_view text);
  Params& Add(const std::string& text) { return Add(std::string_view(text)); }
  Params& Add(const char* text) { return Add(std::string_view(text)); }
  Params& Add(bool value);
  Params& Add(absl::Time time);
  Params& Add(const Bytes& bytes);
  Params& Add(const std::vector<std::string>& texts);
  Params& Add(const std::vector<int64_t>& numbers);
  Params& Add(const std::vector<absl::Time>& times);
  Params& Add(const std::vector<Bytes>& blobs);
  Params& Add(std::nullopt_t null);
  template <std::integral T>
  Params& Add(T number) {
    return AddNumber(static_cast<int64_t>(number));
  }
  template <typename T>
  Params& Add(const std::optional<T>& value) {
    return value.has_value() ? Add(*value) : Add(std::nullopt);
  }

  struct Value {
    std::optional<std::string> text;  // Empty: NULL.
    bool binary = false;
  };
  const std::vector<Value>& values() const { return values_; }
  // False when a text holds a NUL character, which Postgres cannot keep; such a statement is
  // refused with kInvalidArgument `malformed_text`.
  bool valid() const { return valid_; }

 private:
  Params& AddNumber(int64_t number);

  std::vector<Value> values_;
  bool valid_ = true;
};

// One row of a result, read by column index from 0. The Rows it came from must outlive it.
//
// Reading a NULL with a plain reader, or a column with a reader of another type, is a bug of ours
// and ends the process; the optional readers take NULL as std::nullopt.
class Row {
 public:
  Row(const pg_result* result, int index) : result_(result), index_(index) {}

  bool IsNull(int column) const;
  std::string Text(int column) const;  // text, varchar, json, jsonb
  int64_t Int(int column) const;       // smallint, integer, bigint
  bool Bool(int column) const;
  std::string Bytes(int column) const;               // bytea
  absl::Time Time(int column) const;                 // timestamptz, to the microsecond
  std::vector<std::string> Texts(int column) const;  // text[] without NULLs

  std::optional<std::string> OptionalText(int column) const;
  std::optional<int64_t> OptionalInt(int column) const;
  std::optional<bool> OptionalBool(int column) const;
  std::optional<std::string> OptionalBytes(int column) const;
  std::optional<absl::Time> OptionalTime(int column) const;

 private:
  std::string_view Value(int column) const;

  const pg_result* result_;
  int index_;
};

// What a statement gave back.
class Rows {
 public:
  class Iterator {
   public:
    Iterator(const pg_result* result, int index) : result_(result), index_(index) {}
    Row operator*() const { return Row(result_, index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const pg_result* result_;
    int index_;
  };

  // Takes the result over.
  explicit Rows(pg_result* result);

  bool empty() const { return size_ == 0; }
  int size() const { return size_; }
  Row operator[](int index) const;
  Row front() const { return (*this)[0]; }
  Iterator begin() const { return Iterator(result_.get(), 0); }
  Iterator end() const { return Iterator(result_.get(), size_); }

  // How many rows an INSERT, UPDATE or DELETE touched.
  int64_t affected() const;
  // The command's tag, "COMMIT" or "INSERT 0 1".
  std::string_view tag() const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
  int size_;
};

}  // namespace latchkey::pg
