#include "sandbox/providers/deepgram_refusal.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

std::string_view CodeFor(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "INVALID_AUTH";
    case 402:
      return "ASR_PAYMENT_REQUIRED";
    case 403:
      return "INSUFFICIENT_PERMISSIONS";
    case 404:
      return "PROJECT_NOT_FOUND";
    case 429:
      return "TOO_MANY_REQUESTS";
    default:
      return "INTERNAL_SERVER_ERROR";
  }
}

std::string_view MessageFor(int status) {
  switch (status) {
    case 401:
      return "Invalid credentials.";
    case 402:
      return "Project does not have enough credits for an ASR request.";
    case 403:
      return "Project does not have access to the requested model.";
    case 404:
      return "Project not found.";
    case 429:
      return "Too many requests. Please try again later.";
    default:
      return "An internal server error occurred.";
  }
}

std::string_view CodeOf(const Fault& fault) {
  return fault.code.empty() ? CodeFor(fault.status) : std::string_view(fault.code);
}

}  // namespace

http::Response DeepgramRefusal(int status, std::string_view code, std::string_view message) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", "application/json"},
                      {"dg-request-id", "sandbox"},
                      {"dg-error", std::string(message)}};
  response.body = json::serialize(
      json::object{{"err_code", code}, {"err_msg", message}, {"request_id", "sandbox"}});
  return response;
}

http::Response DeepgramRefusal(const Fault& fault) {
  http::Response response = DeepgramRefusal(fault.status, CodeOf(fault), MessageFor(fault.status));
  if (fault.status == 429 && fault.retry_after > 0) {
    response.headers.Set("retry-after", std::to_string(fault.retry_after));
  }
  return response;
}

std::string DeepgramErrorMessage(const Fault& fault) {
  return json::serialize(json::object{{"type", "Error"},
                                      {"variant", CodeOf(fault)},
                                      {"description", MessageFor(fault.status)},
                                      {"message", MessageFor(fault.status)}});
}

}  // namespace latchkey::sandbox
