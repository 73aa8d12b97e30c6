// RequestHead: the head of a request that carries a key, in guarded memory and in one piece.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "lib/http/secret_header.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "lib/secret/secret.h"

namespace latchkey::http {

// kFailedPrecondition `foreign_host`.
absl::Status ForeignHost();

// A buffer sequence would be joined on the stack by the layers below; one buffer passes through.
class RequestHead {
 public:
  // OK when the key may be sent to `url`'s host and can stand in a header.
  //
  //   kFailedPrecondition  insecure_url      not over TLS
  //   kFailedPrecondition  foreign_host      the key is bound to other hosts
  //   kInvalidArgument     malformed_secret  it is empty, over 4 KiB, or has control characters
  static absl::Status Check(const SecretHeader& header, const Url& url, const TlsContext& tls);

  // `head` ends with an empty line, before which the header is put. The header passed Check.
  RequestHead(std::string_view head, const SecretHeader& header);

  // Valid as long as this object.
  std::string_view bytes() const;

 private:
  secret::Secret bytes_;
};

}  // namespace latchkey::http
