#include "services/validator/providers/answer.h"

#include <fmt/format.h>
#include <string.h>

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "lib/base/error.h"
#include "services/validator/domain/reasons.h"

namespace latchkey::validator {
namespace json = boost::json;
namespace {

const json::value* Find(const json::value& root, std::string_view path) {
  const json::value* at = &root;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    const json::object* const object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
    if (at == nullptr) return nullptr;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return at;
}

std::string TextOf(const json::value* value) {
  if (value == nullptr) return "";
  if (const json::string* text = value->if_string()) return std::string(text->data(), text->size());
  if (const int64_t* number = value->if_int64()) return std::to_string(*number);
  return "";
}

// "7" -> "7"; the form with a date, and nonsense, are not passed on.
std::string Seconds(std::string_view text) {
  constexpr size_t kDigitsMax = 6;
  const bool digits = text.find_first_not_of("0123456789") == std::string_view::npos;
  return digits && text.size() <= kDigitsMax ? std::string(text) : std::string();
}

}  // namespace

http::Limits ProbeLimits() {
  http::Limits limits;
  limits.connect = absl::Seconds(5);
  limits.first_byte = absl::Seconds(10);
  limits.total = absl::Seconds(15);
  limits.body_bytes_max = 256 * 1024;
  return limits;
}

std::string TextAt(std::string_view body, std::string_view path) {
  // The document is built in `memory` alone, as far as it fits, so that it can be wiped.
  std::array<unsigned char, 16 * 1024> memory;
  std::string text;
  {
    json::monotonic_resource resource(memory.data(), memory.size());
    json::error_code error;
    const json::value root = json::parse({body.data(), body.size()}, error, &resource);
    if (!error) text = TextOf(Find(root, path));
  }
  explicit_bzero(memory.data(), memory.size());
  return text;
}

absl::Status Unreachable(Provider provider, std::string_view what) {
  return Error(absl::StatusCode::kUnavailable, kProviderUnreachable,
               fmt::format("{} {}. This says nothing about the key; try again in a minute.",
                           provider::Describe(provider).label, what),
               {{"provider", std::string(provider::Name(provider))}});
}

absl::Status RateLimited(Provider provider, const http::Response& response) {
  absl::Status status = Error(
      absl::StatusCode::kUnavailable, kProviderRateLimited,
      fmt::format("{} asks us to come back later. This says nothing about the key; try again soon.",
                  provider::Describe(provider).label),
      {{"provider", std::string(provider::Name(provider))}});
  const std::string seconds = Seconds(response.headers.Get("retry-after"));
  if (!seconds.empty()) status = WithMetadata(status, "retry_after_seconds", seconds);
  return status;
}

absl::Status NoAnswer(Provider provider, const absl::Status& error) {
  if (absl::IsCancelled(error)) return error;
  if (Reason(error) == "tls_failed") {
    return Unreachable(provider, "cannot be reached safely: its certificate is not trusted");
  }
  if (absl::IsDeadlineExceeded(error)) return Unreachable(provider, "did not answer in time");
  return Unreachable(provider, "cannot be reached");
}

absl::Status NoVerdict(Provider provider, const http::Response& response) {
  return Unreachable(provider, fmt::format("answered with status {}", response.status));
}

}  // namespace latchkey::validator
