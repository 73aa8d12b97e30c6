#include "sandbox/carrier/exotel/answer.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::sandbox::exotel {
namespace {

namespace json = boost::json;

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '&') {
      escaped += "&amp;";
    } else if (character == '<') {
      escaped += "&lt;";
    } else if (character == '>') {
      escaped += "&gt;";
    } else {
      escaped += character;
    }
  }
  return escaped;
}

// An array is its items, each under the array's name.
std::string ToXml(std::string_view name, const json::value& value) {
  std::string inner;
  if (const json::array* const array = value.if_array()) {
    for (const json::value& item : *array) inner += ToXml(name, item);
    return inner;
  }
  if (const json::object* const object = value.if_object()) {
    for (const auto& [key, member] : *object) inner += ToXml(key, member);
  } else if (const json::string* const text = value.if_string()) {
    inner = Escaped(*text);
  } else if (!value.is_null()) {
    inner = json::serialize(value);
  }
  return fmt::format("<{}>{}</{}>", name, inner, name);
}

RestException Worded(int status) {
  switch (status) {
    case 401:
      return {401, "Authentication failed"};
    case 402:
      return {402, "Insufficient balance"};
    case 403:
      return {403, "This IP address is not allowed to use the account"};
    case 404:
      return {404, "The requested resource was not found"};
    case 429:
      return {429, "Too many requests"};
    case 503:
      return {503, "Service unavailable", 35008};
    default:
      return {status, "Internal server error"};
  }
}

}  // namespace

json::object ToJson(const RestException& exception) {
  return {
      {"RestException",
       {{"Status", exception.status}, {"Message", exception.message}, {"Code", exception.code}}}};
}

http::Response Answer(int status, const json::object& body, bool json) {
  http::Response response;
  response.status = status;
  if (json) {
    response.headers = {{"content-type", "application/json"}};
    response.body = json::serialize(body);
    return response;
  }
  response.headers = {{"content-type", "application/xml"}};
  response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + ToXml("TwilioResponse", body);
  return response;
}

http::Response Answer(const RestException& exception, bool json) {
  return Answer(exception.status, ToJson(exception), json);
}

http::Response FaultAnswer(const Fault& fault) {
  http::Response response = Answer(Worded(fault.status), true);
  if (fault.status == 429 && fault.retry_after > 0) {
    response.headers.Set("retry-after", fmt::to_string(fault.retry_after));
  }
  return response;
}

}  // namespace latchkey::sandbox::exotel
