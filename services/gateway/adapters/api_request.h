// An API request and its reply, between the HTTP front and the operations.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "lib/base/task.h"
#include "lib/secret/secret.h"
#include "services/gateway/domain/route.h"

namespace latchkey::gateway {

// What an operation gets. The tenant is the API key's, so that no operation can reach another's.
struct ApiRequest {
  Operation operation = Operation::kListKeys;
  std::vector<std::string> parameters;
  std::map<std::string, std::string> query;
  std::string idempotency_key;
  std::string last_event_id;  // Where an SSE client goes on.
  std::string body;
  Secret key_body;  // The body instead, where it holds a key.
  orchestrator::v1::Tenant tenant;
};

struct Reply {
  int status = 200;
  boost::json::object body;
};

// Where an operation writes an answer that comes in pieces.
class ReplyStream {
 public:
  virtual ~ReplyStream() = default;
  virtual Task<absl::Status> Begin(std::string content_type) = 0;
  virtual Task<absl::Status> Write(std::string piece) = 0;
};

// The body as a JSON object. kInvalidArgument `malformed_body` says what is wrong, never what stood
// there.
absl::StatusOr<boost::json::object> ParseBody(std::string_view body);

// A field of the body: absent gives `standard`; another type is `malformed_body` and names it.
absl::StatusOr<std::string> TextField(const boost::json::object& body, std::string_view name,
                                      std::string_view standard = "");
absl::StatusOr<int64_t> IntegerField(const boost::json::object& body, std::string_view name,
                                     int64_t standard);
absl::StatusOr<bool> BoolField(const boost::json::object& body, std::string_view name,
                               bool standard);

// A number from the query, such as pageSize. kInvalidArgument `malformed_parameter`.
absl::StatusOr<int32_t> IntegerParameter(const ApiRequest& request, const std::string& name);

}  // namespace latchkey::gateway
