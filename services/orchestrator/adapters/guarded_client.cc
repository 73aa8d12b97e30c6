#include "services/orchestrator/adapters/guarded_client.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/http/public_address.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

namespace json = boost::json;
using Code = absl::StatusCode;

// A model reads it before it goes on speaking; a long one would cost the caller's time.
constexpr size_t kAnswerBytesMax = 16 * 1024;
constexpr absl::Duration kConnectMax = absl::Seconds(5);
// In use at a time, of all tenants together.
constexpr size_t kConnectionsMax = 256;

bool IsPublicOrLoopback(const boost::asio::ip::address& address) {
  return http::IsPublic(address) || address.is_loopback();
}

http::ClientOptions ClientOptionsOf(const GuardedClient::Options& options) {
  http::ClientOptions client;
  client.idle_per_origin_max = 4;
  client.connections_max = kConnectionsMax;
  client.reach.resolver = options.resolver;
  client.reach.may_connect = options.allow_loopback ? IsPublicOrLoopback : http::IsPublic;
  return client;
}

// Boost.JSON's parser refuses everything else.
bool IsUtf8(const std::string& text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::serialize(json::string(text)), error);
  return !error && parsed.is_string();
}

absl::Status Explain(const absl::Status& failure) {
  switch (failure.code()) {
    case Code::kPermissionDenied:
      return Error(Code::kPermissionDenied, reasons::kToolAddressForbidden,
                   "The tool's host is not one of the open internet. Use one that is.");
    case Code::kDeadlineExceeded:
      return Error(Code::kDeadlineExceeded, reasons::kToolTimeout,
                   "The tool did not answer in time. It is not known whether it was run.");
    case Code::kResourceExhausted:
      return Error(Code::kResourceExhausted, reasons::kToolAnswerTooLarge,
                   "The tool's answer has more than 16 KiB. Let it answer with less.");
    case Code::kCancelled:
      return failure;
    default:
      return Error(Code::kUnavailable, reasons::kToolUnreachable,
                   "The tool's host does not answer over TLS with a certificate that is trusted.");
  }
}

absl::StatusOr<std::string> Judge(http::Response response) {
  if (response.status / 100 == 3) {
    return Error(
        Code::kFailedPrecondition, reasons::kToolRedirected,
        "The tool's server sent a redirect, which is not followed. Give its last address.");
  }
  if (response.status / 100 != 2) {
    return Error(Code::kUnavailable, reasons::kToolFailed,
                 "The tool's server answered with an error.",
                 {{"status", std::to_string(response.status)}});
  }
  if (!IsUtf8(response.body)) {
    return Error(Code::kInvalidArgument, reasons::kToolAnswerUnreadable,
                 "The tool's answer is no UTF-8 text. Let it answer with text.");
  }
  return std::move(response.body);
}

}  // namespace

GuardedClient::GuardedClient(Executor executor, http::TlsContext tls, Options options)
    : client_(std::move(executor), std::move(tls), ClientOptionsOf(options)) {}

Task<absl::StatusOr<std::string>> GuardedClient::Post(const http::Request& request,
                                                      absl::Duration timeout) {
  if (!request.url.secure()) {
    co_return Error(Code::kPermissionDenied, reasons::kToolAddressForbidden,
                    "A tool is run over https only.");
  }
  http::Limits limits;
  limits.connect = std::min(timeout, kConnectMax);
  limits.first_byte = timeout;
  limits.idle = timeout;
  limits.total = timeout;
  limits.body_bytes_max = kAnswerBytesMax;
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return Explain(response.status());
  co_return Judge(*std::move(response));
}

}  // namespace latchkey::orchestrator
