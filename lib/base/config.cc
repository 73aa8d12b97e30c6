#include "lib/base/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "lib/base/check.h"
#include "lib/base/error.h"

extern char** environ;

namespace latchkey {
namespace {

constexpr std::string_view kVariablePrefix = "LATCHKEY_";
constexpr std::string_view kVersion = "0.1.0";
constexpr int kBadSettings = 2;
constexpr int64_t kPortMax = 65535;

// "lease-ttl" → "LATCHKEY_LEASE_TTL"
std::string Variable(std::string_view name) {
  std::string variable(kVariablePrefix);
  for (const char c : name) {
    variable += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return variable;
}

std::optional<int64_t> ParseInteger(const std::string& text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

std::optional<absl::Duration> ParseDuration(const std::string& text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration)) return std::nullopt;
  return duration;
}

bool IsAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const std::optional<int64_t> port = ParseInteger(text.substr(colon + 1));
  return port.has_value() && *port >= 0 && *port <= kPortMax;
}

bool IsUrl(const std::string& text) {
  for (const std::string_view scheme : {"https://", "http://", "wss://", "ws://"}) {
    if (text.starts_with(scheme) && text.size() > scheme.size()) return true;
  }
  return false;
}

// What is wrong with a value that was given; "" when nothing is.
std::string Complaint(const Setting& setting, const std::string& value) {
  switch (setting.kind) {
    case Setting::kText:
      return "";
    case Setting::kInteger:
      return ParseInteger(value) ? "" : "must be a whole number";
    case Setting::kBool:
      return value == "true" || value == "false" ? "" : "must be true or false";
    case Setting::kDuration:
      return ParseDuration(value) ? "" : "must be a duration like 30s or 1m";
    case Setting::kFile:
      return ::access(value.c_str(), R_OK) == 0 ? "" : "must name a file that can be read";
    case Setting::kAddress:
      return IsAddress(value) ? "" : "must be an address like 127.0.0.1:7001";
    case Setting::kUrl:
      return IsUrl(value) ? "" : "must be a URL like https://api.example.com";
  }
  return "";
}

std::string_view KindWord(Setting::Kind kind) {
  switch (kind) {
    case Setting::kText:
      return "text";
    case Setting::kInteger:
      return "number";
    case Setting::kBool:
      return "true|false";
    case Setting::kDuration:
      return "duration";
    case Setting::kFile:
      return "file";
    case Setting::kAddress:
      return "host:port";
    case Setting::kUrl:
      return "url";
  }
  return "text";
}

// The command line, taken apart: --name=value, --name value, --flag.
class Arguments {
 public:
  Arguments(std::span<const std::string> arguments, std::span<const Setting> settings,
            std::span<const std::string_view> flags) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      std::string_view rest = arguments[i];
      if (!rest.starts_with("--")) {
        mistakes_.push_back("Arguments have the form --name=value; see --help.");
        continue;
      }
      rest.remove_prefix(2);
      const size_t equals = rest.find('=');
      const std::string name(rest.substr(0, equals));
      if (equals == std::string_view::npos && std::ranges::count(flags, name) > 0) {
        values_[name] = "true";
      } else if (std::ranges::count(settings, name, &Setting::name) == 0) {
        mistakes_.push_back(fmt::format("There is no setting called --{}; see --help.", name));
      } else if (equals != std::string_view::npos) {
        values_[name] = rest.substr(equals + 1);
      } else if (i + 1 < arguments.size()) {
        values_[name] = arguments[++i];
      } else {
        mistakes_.push_back(fmt::format("--{} wants a value.", name));
      }
    }
  }

  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }
  const std::vector<std::string>& mistakes() const { return mistakes_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> mistakes_;
};

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || !line.starts_with(kVariablePrefix)) continue;
    environment[std::string(line.substr(0, equals))] = line.substr(equals + 1);
  }
  return environment;
}

std::string Help(std::string_view program, std::string_view summary,
                 std::span<const Setting> settings, std::span<const std::string_view> flags) {
  std::string text = fmt::format("{}: {}\n\n", program, summary);
  for (const std::string_view flag : flags) text += fmt::format("  --{}\n", flag);
  for (const Setting& setting : settings) {
    text += fmt::format("  --{}=<{}>{}\n      {}\n", setting.name, KindWord(setting.kind),
                        setting.need == Setting::kRequired ? ", required"
                        : setting.standard.empty()         ? ""
                                                   : fmt::format(", default {}", setting.standard),
                        setting.meaning);
  }
  return text + "\nEach may also come by environment: --lease-ttl is LATCHKEY_LEASE_TTL.\n";
}

}  // namespace

absl::StatusOr<Config> Config::Parse(std::span<const std::string> arguments,
                                     const std::map<std::string, std::string>& environment,
                                     std::span<const Setting> settings,
                                     std::span<const std::string_view> flags) {
  const Arguments given(arguments, settings, flags);
  std::vector<std::string> mistakes = given.mistakes();
  Config config;
  for (const std::string_view flag : flags) {
    if (given.values().contains(flag)) config.values_[std::string(flag)] = "true";
  }
  for (const Setting& setting : settings) {
    std::string value(setting.standard);
    const auto variable = environment.find(Variable(setting.name));
    if (variable != environment.end()) value = variable->second;
    const auto argument = given.values().find(setting.name);
    if (argument != given.values().end()) value = argument->second;

    if (value.empty() && setting.need == Setting::kRequired) {
      mistakes.push_back(fmt::format("--{} (or {}) is missing: {}", setting.name,
                                     Variable(setting.name), setting.meaning));
    }
    const std::string complaint = value.empty() ? "" : Complaint(setting, value);
    if (!complaint.empty()) mistakes.push_back(fmt::format("--{} {}.", setting.name, complaint));
    config.values_[std::string(setting.name)] = std::move(value);
  }
  if (mistakes.empty()) return config;
  return Error(absl::StatusCode::kInvalidArgument, "bad_settings",
               fmt::format("{}", fmt::join(mistakes, "\n")));
}

Config Config::ParseOrExit(int argc, char** argv, std::string_view summary,
                           std::span<const Setting> settings,
                           std::span<const std::string_view> flags) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string_view path = argv[0];
  const std::string_view program = path.substr(path.rfind('/') + 1);
  if (std::ranges::count(arguments, "--help") > 0) {
    std::cout << Help(program, summary, settings, flags);
    std::exit(EXIT_SUCCESS);
  }
  if (std::ranges::count(arguments, "--version") > 0) {
    std::cout << program << " " << kVersion << "\n";
    std::exit(EXIT_SUCCESS);
  }
  absl::StatusOr<Config> config = Parse(arguments, Environment(), settings, flags);
  if (config.ok()) return *std::move(config);
  std::cerr << Message(config.status()) << "\n";
  std::exit(kBadSettings);
}

std::string Config::Text(std::string_view name) const {
  const auto value = values_.find(name);
  Check(value != values_.end(), "a setting is read under a name of its service's table");
  return value->second;
}

int64_t Config::Integer(std::string_view name) const {
  const std::optional<int64_t> number = ParseInteger(Text(name));
  Check(number.has_value(), "a setting read as a number has kInteger in its service's table");
  return *number;
}

bool Config::Bool(std::string_view name) const { return Text(name) == "true"; }

absl::Duration Config::Duration(std::string_view name) const {
  const std::optional<absl::Duration> duration = ParseDuration(Text(name));
  Check(duration.has_value(), "a setting read as a duration has kDuration in its service's table");
  return *duration;
}

bool Config::Has(std::string_view flag) const { return values_.contains(flag); }

std::string SettingsTable(std::span<const Setting> settings) {
  std::string table = "| setting | default | meaning |\n| --- | --- | --- |\n";
  for (const Setting& setting : settings) {
    const std::string standard = setting.need == Setting::kRequired ? "required"
                                 : setting.standard.empty()         ? ""
                                                            : fmt::format("`{}`", setting.standard);
    table += fmt::format("| `--{}` | {} | {} |\n", setting.name, standard, setting.meaning);
  }
  return table;
}

}  // namespace latchkey
