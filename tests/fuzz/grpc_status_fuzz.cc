// What comes with a peer's error, and the name in its certificate, are read without harm.
#include "lib/rpc/grpc_status.h"

#include "lib/base/error.h"
#include "lib/rpc/identity.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string text(AsText(data, size));
  const auto code = static_cast<grpc::StatusCode>(size == 0 ? 1 : 1 + data[0] % 16);
  const absl::Status status = rpc::FromGrpc(grpc::Status(code, "Refused.", text));
  Check(!status.ok(), "an error stays one");
  const grpc::Status again = rpc::ToGrpc(status);
  Check(Reason(rpc::FromGrpc(again)) == Reason(status), "a reason survives the way");

  const auto identity = rpc::ParseSpiffeId(text);
  if (!identity.ok()) return 0;
  Check(identity->SpiffeId() == text, "an identity has one spelling");
  Check(rpc::IsKnownService(identity->service), "and is one of ours");
  return 0;
}
