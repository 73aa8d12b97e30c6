// Route: which of the API's operations a request asks for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace latchkey::gateway {

enum class Operation {
  kListKeys,
  kTestKey,
  kPutKey,
  kDeleteKey,
  kListKeyUses,
  kCreateSigningSecret,
  kRevalidateKey,
  kGetOnboarding,
  kSetMode,
  kCompleteOnboarding,
  kListNumbers,
  kCreateNumber,
  kUpdateNumber,
  kGetNumber,
  kTestNumberKey,
  kPutNumberKey,
  kDeleteNumberKey,
  kPutNumberKeys,
  kConfigureNumber,
  kPlaceCall,
  kListCalls,
  kGetCall,
  kEndCall,
  kGetTranscript,
  kGetRecording,
  kWatchCall,
  kAddDnc,
  kRemoveDnc,
  kGetUsage,
  kListEvents,
};

// One line of the API's table. A segment in braces takes any text without a slash.
struct RouteLine {
  std::string_view method;
  std::string_view pattern;  // "/v1/calls/{call}/transcript"
  Operation operation;
};

// All of the API, in the order of the README.
std::span<const RouteLine> Routes();

struct Route {
  Operation operation;
  std::vector<std::string> parameters;  // What stood in the braces, in order.
};

// Finds the operation for a method and a path without its query.
//
//   kNotFound       route_not_found     no operation has this path
//   kUnimplemented  method_not_allowed  metadata `allow`: the methods that this path has
absl::StatusOr<Route> FindRoute(std::string_view method, std::string_view path);

}  // namespace latchkey::gateway
