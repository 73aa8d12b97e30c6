// RequestHead: the head of a request that carries a key, in guarded memory and in one piece.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "lib/http/secret_header.h"
#include "lib/secret/secret.h"

namespace latchkey::http {

// A buffer sequence would be joined on the stack by the layers below; one buffer passes through.
class RequestHead {
 public:
  // OK when the key can stand in a header: kInvalidArgument `malformed_secret` when it is empty, is
  // over 4 KiB, or holds control characters.
  static absl::Status Check(const SecretHeader& header);

  // `head` ends with an empty line, before which the header is put. The header passed Check.
  RequestHead(std::string_view head, const SecretHeader& header);

  // Valid as long as this object.
  std::string_view bytes() const;

 private:
  secret::Secret bytes_;
};

}  // namespace latchkey::http
