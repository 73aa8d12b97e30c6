// AcceptWebsocket: the server's side of an upgrade whose request has already been read.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/http/headers.h"
#include "lib/http/transport.h"
#include "lib/http/websocket.h"

namespace latchkey::http {

// Answers 101 with `headers` added. Runs on the transport's io thread. Errors as Websocket::Read.
Task<absl::StatusOr<std::unique_ptr<Websocket>>> AcceptWebsocket(Transport transport,
                                                                 std::string target,
                                                                 Headers request_headers,
                                                                 Headers headers,
                                                                 WebsocketLimits limits);

}  // namespace latchkey::http
