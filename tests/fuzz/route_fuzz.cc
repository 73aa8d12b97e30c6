// A route's parameters are segments of the path that was asked for. The input is a method, a zero
// byte, and a path.
#include "services/gateway/domain/route.h"

#include "lib/base/error.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::vector<std::string_view> parts = Parts(AsText(data, size), 2);
  const absl::StatusOr<gateway::Route> route = gateway::FindRoute(parts[0], parts[1]);
  if (!route.ok()) {
    const std::string reason = Reason(route.status());
    Check(reason == "route_not_found" || reason == "method_not_allowed", "there are two reasons");
    return 0;
  }
  for (const std::string& parameter : route->parameters) {
    Check(!parameter.empty() && parameter.find('/') == std::string::npos, "one segment");
    Check(parts[1].find("/" + parameter) != std::string_view::npos, "of the path");
  }
  return 0;
}
