// A body is an object or an error, and no error tells what stood in it.
#include "lib/base/error.h"
#include "services/gateway/adapters/api_request.h"
#include "tests/fuzz/fuzz_input.h"

namespace latchkey::gateway {
namespace {

template <typename T>
void CheckField(const absl::StatusOr<T>& field) {
  if (field.ok()) return;
  Check(Reason(field.status()) == "malformed_body", "there is one reason");
  Check(!Tells(Message(field.status())), "an error does not tell the body");
}

}  // namespace
}  // namespace latchkey::gateway

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string body = Plant(AsText(data, size));
  const absl::StatusOr<boost::json::object> object = gateway::ParseBody(body);
  gateway::CheckField(object);
  if (!object.ok()) return 0;
  gateway::CheckField(gateway::TextField(*object, "to"));
  gateway::CheckField(gateway::IntegerField(*object, "size", 0));
  gateway::CheckField(gateway::BoolField(*object, "record", false));
  return 0;
}
