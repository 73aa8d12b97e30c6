#include "sandbox/providers/cartesia_refusal.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view kStructuredSince = "2026-03-01";

std::string_view CodeFor(int status) {
  switch (status) {
    case 402:
      return "quota_exceeded";
    case 403:
      return "plan_upgrade_required";
    case 429:
      return "concurrency_limited";
    default:
      return "";
  }
}

std::string_view MessageFor(int status) {
  switch (status) {
    case 401:
      return "Invalid API key";
    case 402:
      return "You have run out of credits";
    case 403:
      return "Your plan does not allow this";
    case 429:
      return "Too many concurrent requests";
    default:
      return "Something went wrong";
  }
}

json::object ErrorObject(const CartesiaRefusal& refusal) {
  json::object error{{"error_code", nullptr},
                     {"title", refusal.message},
                     {"message", refusal.message},
                     {"request_id", "sandbox"},
                     {"doc_url", "https://docs.cartesia.ai/use-the-api/api-errors"}};
  if (!refusal.code.empty()) error["error_code"] = refusal.code;
  return error;
}

}  // namespace

CartesiaRefusal CartesiaRefusalOf(int status, std::string_view code) {
  return {status, std::string(code.empty() ? CodeFor(status) : code),
          std::string(MessageFor(status))};
}

bool HasStructuredErrors(std::string_view version) { return version >= kStructuredSince; }

std::string CartesiaErrorBody(const CartesiaRefusal& refusal, std::string_view version) {
  if (HasStructuredErrors(version)) return json::serialize(ErrorObject(refusal));
  return fmt::format("Error: {}", refusal.message);
}

std::string CartesiaErrorMessage(std::string_view context_id, const CartesiaRefusal& refusal,
                                 std::string_view version) {
  json::object message{{"type", "error"}, {"status_code", refusal.status}, {"done", true}};
  if (HasStructuredErrors(version)) {
    for (const auto& field : ErrorObject(refusal)) message[field.key()] = field.value();
  } else {
    message["error"] = refusal.message;
  }
  if (!context_id.empty()) message["context_id"] = context_id;
  return json::serialize(message);
}

}  // namespace latchkey::sandbox
