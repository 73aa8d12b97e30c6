#include "services/gateway/domain/route.h"

#include <optional>

#include "lib/base/error.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

constexpr RouteLine kRoutes[] = {
    {"GET", "/v1/keys", Operation::kListKeys},
    {"POST", "/v1/keys/{provider}/test", Operation::kTestKey},
    {"PUT", "/v1/keys/{provider}", Operation::kPutKey},
    {"DELETE", "/v1/keys/{provider}", Operation::kDeleteKey},
    {"GET", "/v1/keys/{provider}/uses", Operation::kListKeyUses},
    {"POST", "/v1/signing-secret", Operation::kCreateSigningSecret},
    {"POST", "/v1/keys/{provider}/revalidate", Operation::kRevalidateKey},
    {"GET", "/v1/onboarding", Operation::kGetOnboarding},
    {"PUT", "/v1/onboarding/mode", Operation::kSetMode},
    {"POST", "/v1/onboarding/complete", Operation::kCompleteOnboarding},
    {"GET", "/v1/numbers", Operation::kListNumbers},
    {"POST", "/v1/numbers", Operation::kCreateNumber},
    {"GET", "/v1/numbers/{number}", Operation::kGetNumber},
    {"PUT", "/v1/numbers/{number}/agent", Operation::kUpdateNumber},
    {"POST", "/v1/numbers/{number}/byok/test", Operation::kTestNumberKey},
    {"POST", "/v1/numbers/{number}/byok/key", Operation::kPutNumberKey},
    {"DELETE", "/v1/numbers/{number}/byok/key", Operation::kDeleteNumberKey},
    {"POST", "/v1/numbers/byok/key", Operation::kPutNumberKeys},
    {"POST", "/v1/numbers/{number}/configure", Operation::kConfigureNumber},
    {"POST", "/v1/calls", Operation::kPlaceCall},
    {"GET", "/v1/calls", Operation::kListCalls},
    {"GET", "/v1/calls/{call}", Operation::kGetCall},
    {"POST", "/v1/calls/{call}/end", Operation::kEndCall},
    {"GET", "/v1/calls/{call}/transcript", Operation::kGetTranscript},
    {"GET", "/v1/calls/{call}/recording", Operation::kGetRecording},
    {"GET", "/v1/calls/{call}/events", Operation::kWatchCall},
    {"PUT", "/v1/dnc/{e164}", Operation::kAddDnc},
    {"DELETE", "/v1/dnc/{e164}", Operation::kRemoveDnc},
    {"GET", "/v1/usage", Operation::kGetUsage},
    {"GET", "/v1/events", Operation::kListEvents},
};

std::string_view NextSegment(std::string_view& rest) {
  const size_t end = rest.find('/', 1);
  const std::string_view segment = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  return segment;
}

// What stands in the pattern's braces, or nullopt if the path does not fit.
std::optional<std::vector<std::string>> Match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = NextSegment(pattern);
    const std::string_view given = NextSegment(path);
    if (wanted.starts_with("/{")) {
      if (given.size() < 2) return std::nullopt;
      parameters.emplace_back(given.substr(1));
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

}  // namespace

std::span<const RouteLine> Routes() { return kRoutes; }

absl::StatusOr<Route> FindRoute(std::string_view method, std::string_view path) {
  std::string allow;
  for (const RouteLine& line : kRoutes) {
    std::optional<std::vector<std::string>> parameters = Match(line.pattern, path);
    if (!parameters.has_value()) continue;
    if (line.method == method) {
      return Route{.operation = line.operation, .parameters = *std::move(parameters)};
    }
    allow += (allow.empty() ? "" : ", ") + std::string(line.method);
  }
  if (!allow.empty()) {
    return Error(absl::StatusCode::kUnimplemented, reason::kMethodNotAllowed,
                 "This address exists, but not with this method. It takes: " + allow + ".",
                 {{"allow", allow}});
  }
  return Error(absl::StatusCode::kNotFound, reason::kRouteNotFound,
               "There is no such address in this API. The README of services/gateway lists all.");
}

}  // namespace latchkey::gateway
