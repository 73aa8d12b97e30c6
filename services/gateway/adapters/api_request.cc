#include "services/gateway/adapters/api_request.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "absl/strings/numbers.h"
#include "lib/base/error.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;

absl::Status WrongType(std::string_view name, std::string_view wanted) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
               fmt::format("The field {} of the body has to be {}.", name, wanted));
}

}  // namespace

absl::StatusOr<json::object> ParseBody(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(body.empty() ? "{}" : body, error);
  if (error || !value.is_object()) {
    return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
                 "The body has to be one JSON object, sent with Content-Type: application/json.");
  }
  return value.get_object();
}

absl::StatusOr<std::string> TextField(const json::object& body, std::string_view name,
                                      std::string_view standard) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return std::string(standard);
  if (!value->is_string()) return WrongType(name, "a text");
  return std::string(value->get_string());
}

absl::StatusOr<int64_t> IntegerField(const json::object& body, std::string_view name,
                                     int64_t standard) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return standard;
  if (!value->is_int64()) return WrongType(name, "a whole number");
  return value->get_int64();
}

absl::StatusOr<bool> BoolField(const json::object& body, std::string_view name, bool standard) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return standard;
  if (!value->is_bool()) return WrongType(name, "true or false");
  return value->get_bool();
}

absl::StatusOr<int32_t> IntegerParameter(const ApiRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return 0;
  int32_t number = 0;
  if (!absl::SimpleAtoi(found->second, &number) || number < 0) {
    return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedParameter,
                 fmt::format("The parameter {} has to be a whole number.", name));
  }
  return number;
}

}  // namespace latchkey::gateway
