#include "lib/base/log.h"

#include <unistd.h>

#include <atomic>
#include <boost/json/serialize.hpp>

#include "absl/time/clock.h"
#include "lib/base/error.h"

namespace latchkey::log {
namespace {

// Set once by Start, before other threads log.
std::string g_service;
std::atomic<Level> g_least = Level::kInfo;

std::string_view Name(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "error";
}

void AppendText(std::string& line, std::string_view text) {
  line += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

void AppendValue(std::string& line, const std::variant<std::string, bool, int64_t>& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    AppendText(line, *text);
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    line += *truth ? "true" : "false";
  } else {
    line += std::to_string(std::get<int64_t>(value));
  }
}

void AppendMember(std::string& line, std::string_view name,
                  const std::variant<std::string, bool, int64_t>& value) {
  line += ',';
  AppendText(line, name);
  line += ':';
  AppendValue(line, value);
}

void Write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < g_least.load(std::memory_order_relaxed)) return;
  std::string line = "{\"time\":";
  AppendText(line, absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()));
  AppendMember(line, "level", std::string(Name(level)));
  if (!g_service.empty()) AppendMember(line, "service", g_service);
  AppendMember(line, "event", std::string(event));
  for (const Field& field : fields) AppendMember(line, field.name(), field.value());
  line += "}\n";
  // One write of a whole line: lines of several threads do not mix, and no lock is needed.
  const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  static_cast<void>(written);  // Nowhere is left to tell that the log is gone.
}

std::string Describe(const absl::Status& status) {
  if (status.ok()) return "OK";
  std::string text(absl::StatusCodeToString(status.code()));
  const std::string reason = Reason(status);
  if (!reason.empty()) text += " " + reason;
  return text + ": " + Message(status);
}

}  // namespace

Field::Field(std::string_view name, absl::Duration duration)
    : name_(name), value_(absl::ToInt64Milliseconds(duration)) {}

Field::Field(std::string_view name, const absl::Status& status)
    : name_(name), value_(Describe(status)) {}

void Start(std::string_view service, Level least) {
  g_service = service;
  g_least = least;
}

void Debug(std::string_view event, std::initializer_list<Field> fields) {
  Write(Level::kDebug, event, fields);
}
void Info(std::string_view event, std::initializer_list<Field> fields) {
  Write(Level::kInfo, event, fields);
}
void Warn(std::string_view event, std::initializer_list<Field> fields) {
  Write(Level::kWarn, event, fields);
}
void Error(std::string_view event, std::initializer_list<Field> fields) {
  Write(Level::kError, event, fields);
}

}  // namespace latchkey::log
