// Log: one JSON object a line on standard error. An event is a constant; what varies is a field.
//
//   log::Info("call answered", {{"call_id", id.text()}, {"ring_ms", ring_ms}});
//
// error: somebody must act. warn: degraded, being retried. info: what an operator would tell the
// story with. A Secret has no conversion to a field, so a key cannot be logged by mistake.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::log {

class Field {
 public:
  Field(std::string_view name, std::string_view text) : name_(name), value_(std::string(text)) {}
  Field(std::string_view name, const std::string& text) : name_(name), value_(text) {}
  Field(std::string_view name, const char* text) : name_(name), value_(std::string(text)) {}
  Field(std::string_view name, bool value) : name_(name), value_(value) {}
  template <std::integral T>
  Field(std::string_view name, T number) : name_(name), value_(static_cast<int64_t>(number)) {}
  Field(std::string_view name, absl::Duration duration);     // In milliseconds.
  Field(std::string_view name, const absl::Status& status);  // Code, reason and message.

  std::string_view name() const { return name_; }
  const std::variant<std::string, bool, int64_t>& value() const { return value_; }

 private:
  std::string_view name_;
  std::variant<std::string, bool, int64_t> value_;
};

enum class Level { kDebug, kInfo, kWarn, kError };

// Called once by main: every line then carries `service`. Before it, lines carry no service.
void Start(std::string_view service, Level least = Level::kInfo);

void Debug(std::string_view event, std::initializer_list<Field> fields = {});
void Info(std::string_view event, std::initializer_list<Field> fields = {});
void Warn(std::string_view event, std::initializer_list<Field> fields = {});
void Error(std::string_view event, std::initializer_list<Field> fields = {});

}  // namespace latchkey::log
