// Connect: from a URL to a connection: name, TCP, TLS.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"
#include "lib/http/reach.h"
#include "lib/http/tls.h"
#include "lib/http/transport.h"
#include "lib/http/url.h"

namespace latchkey::http {

// Tries the host's addresses in order, each for at most 2 s. A wait of its own is not limited: wrap
// it in WithDeadline. `write_limit` is the transport's.
//
//   kUnavailable       unreachable, tls_failed
//   kPermissionDenied  forbidden_address  every address of the host is one that it may not go to
//   kCancelled         cancelled
Task<absl::StatusOr<Transport>> Connect(const TlsContext& tls, const Url& url,
                                        absl::Duration write_limit, Reach reach = {});

}  // namespace latchkey::http
