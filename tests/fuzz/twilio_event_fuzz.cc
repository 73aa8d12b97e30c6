// A carrier's status callback, as it comes over the network: an event, or malformed.
#include "services/dialer/domain/twilio_event.h"

#include "lib/base/error.h"
#include "lib/http/form.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const auto form = http::Form::Parse(AsText(data, size));
  if (!form.ok()) return 0;
  const provider::FormParameters parameters(form->begin(), form->end());
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  const auto event = dialer::ParseTwilioEvent(parameters, now);
  if (event.ok()) return 0;
  Check(Reason(event.status()) == "malformed_request", "what is no event is malformed");
  return 0;
}
