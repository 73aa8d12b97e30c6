// Whatever a provider answers to a probe: there is a verdict or none, and neither repeats a key
// that the answer echoes.
#include "absl/strings/numbers.h"
#include "lib/base/error.h"
#include "services/validator/providers/anthropic.h"
#include "services/validator/providers/cartesia.h"
#include "services/validator/providers/deepgram.h"
#include "services/validator/providers/exotel.h"
#include "services/validator/providers/openai.h"
#include "services/validator/providers/twilio.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

void Expect(const absl::StatusOr<latchkey::validator::Verdict>& verdict) {
  using namespace latchkey;
  if (!verdict.ok()) {
    Check(absl::IsUnavailable(verdict.status()), "no verdict is never a rejection");
    Check(!Tells(Message(verdict.status())), "an error repeats no key");
    for (const auto& [name, value] : Metadata(verdict.status())) {
      Check(!Tells(value), "nor does what travels with it");
    }
    return;
  }
  Check(!Tells(verdict->message), "a verdict repeats no key");
  Check(verdict->valid() || !verdict->message.empty(), "a rejection says what to do");
}

}  // namespace

// The status, three header values, and the body.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const auto parts = Parts(AsText(data, size), 4);
  http::Response response;
  if (!absl::SimpleAtoi(std::string(parts[0]), &response.status)) response.status = 200;
  response.headers.Set("retry-after", parts[1]);
  response.headers.Set("anthropic-ratelimit-requests-limit", parts[2]);
  response.body = Plant(parts[3]);
  constexpr std::string_view kSid = "AC0123456789abcdef0123456789abcdef";
  constexpr std::string_view kModel = "gpt-realtime-2.1";

  Expect(validator::JudgeAnthropic(response));
  Expect(validator::JudgeCartesia(response));
  Expect(validator::JudgeDeepgram(response));
  Expect(validator::JudgeExotel(response, kSid));
  Expect(validator::JudgeTwilio(response, kSid));
  Expect(validator::JudgeOpenaiModel(response, kModel));
  const auto judged = validator::JudgeOpenaiEvent(response.body, kModel);
  if (judged.has_value()) Expect(*judged);
  Expect(validator::JudgeOpenaiEnd(Error(absl::StatusCode::kUnavailable, "closed",
                                         "The session ended.", {{"close_reason", response.body}}),
                                   kModel));
  Expect(validator::JudgeOpenaiEnd(
      Error(absl::StatusCode::kUnavailable, "upgrade_refused", "No session.",
            {{"http_status", std::string(parts[0])}, {"http_body", response.body}}),
      kModel));
  return 0;
}
