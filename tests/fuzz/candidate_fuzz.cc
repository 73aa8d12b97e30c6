// A body with a key in it is read in place, sealed, and no error tells of it.
#include "services/gateway/adapters/candidate.h"

#include "lib/base/error.h"
#include "lib/secret/sealed_box.h"
#include "tests/fuzz/fuzz_input.h"

constexpr size_t kSecretBodyMax = 16 * 1024;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  static const secret::BoxKeyPair intake =
      secret::BoxKeyPair::FromSecret(Secret(std::string(32, 'i')));
  keyvault::v1::GetIntakeKeyResponse response;
  response.set_intake_key_id("root_1");
  response.set_public_key(intake.public_key().bytes());
  const std::string input = Plant(AsText(data, size));
  if (input.size() > kSecretBodyMax) return 0;  // The server refuses it before.
  const std::optional<gateway::KeyBody> body = gateway::KeyBody::Parse(Secret(input));
  if (!body.has_value()) return 0;
  const auto numbers = body->FindNumbers("numberIds");
  for (const NumberId& number : numbers.value_or(std::vector<NumberId>())) {
    Check(NumberId::Parse(number.text()).ok(), "only ids of numbers come out of the key's body");
  }
  for (const provider::Provider provider : {Provider::kAnthropic, Provider::kTwilio}) {
    const gateway::KeyOwner owner{"tnt_a", "num_a", provider};
    const auto candidate = gateway::SealCandidate(*body, numbers ? 1 : 0, owner, response);
    if (candidate.ok()) {
      Check(!Tells(candidate->SerializeAsString()), "a candidate is sealed");
    } else {
      Check(!Tells(Message(candidate.status())), "an error does not tell the key");
    }
  }
  return 0;
}
