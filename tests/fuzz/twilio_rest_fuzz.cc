// Whatever Twilio answers, it is understood or refused.
#include "services/media/carriers/twilio_rest.h"

#include "services/media/carriers/twilio_numbers.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string_view body = AsText(data, size);
  const absl::StatusOr<std::string> sid = media::ParseTwilioSid(body);
  Check(!sid.ok() || !sid->empty(), "a call has a name");
  static_cast<void>(media::ParseTwilioCall(body));
  static_cast<void>(media::FindTwilioCall(body, absl::FromUnixSeconds(1'790'000'000)));
  static_cast<void>(media::FindTwilioNumber(body, "+14155550102"));
  static_cast<void>(media::TwilioErrorCode(body));
  static_cast<void>(media::ParseTwilioState(body));
  static_cast<void>(media::IsTwilioCallOver(400, body));
  for (const int status : {400, 401, 403, 404, 429, 500}) {
    Check(!media::ClassifyTwilioRefusal(status, body, "+14155550102").ok(), "a refusal is one");
  }
  return 0;
}
