#include "services/media/providers/provider_failure.h"

#include <charconv>

#include "lib/base/error.h"

namespace latchkey::media {

namespace {

int NumberIn(const ErrorMetadata& metadata, const std::string& name) {
  int number = 0;
  const auto told = metadata.find(name);
  if (told == metadata.end()) return 0;
  const std::string& text = told->second;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// RFC 6455, 7.4.1: what is said to be wrong with us, and the server's own troubles, as an HTTP
// status. An end without an error (1000, 1001) is a dropped connection: we did not ask for it.
int StatusOfClose(int close_code) {
  if (close_code == 1002 || close_code == 1003 || close_code == 1007) return 400;
  if (close_code == 1008 || close_code == 1009) return 400;
  if (close_code >= 1011 && close_code <= 1013) return 503;
  return 0;
}

// Cartesia's and Deepgram's codes; the status that comes with the former is not documented.
bool SaysNoCredit(const ErrorMetadata& metadata) {
  const auto body = metadata.find("http_body");
  if (body == metadata.end()) return false;
  return body->second.find("quota_exceeded") != std::string::npos ||
         body->second.find("ASR_PAYMENT_REQUIRED") != std::string::npos;
}

}  // namespace

absl::Status ProviderFailure(Party party, const absl::Status& why) {
  const ErrorMetadata metadata = Metadata(why);
  int http_status = NumberIn(metadata, "http_status");
  if (http_status != 0 && SaysNoCredit(metadata)) http_status = 402;
  if (http_status == 0) http_status = StatusOfClose(NumberIn(metadata, "close_code"));
  if (http_status == 0 && absl::IsDeadlineExceeded(why)) http_status = 504;
  return ClassifyFailure(party, http_status, "");
}

}  // namespace latchkey::media
