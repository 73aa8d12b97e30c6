#include "services/media/providers/provider_failure.h"

#include <charconv>

#include "lib/base/error.h"

namespace latchkey::media {

absl::Status ProviderFailure(Party party, const absl::Status& why) {
  int http_status = absl::IsDeadlineExceeded(why) ? 504 : 0;
  const ErrorMetadata metadata = Metadata(why);
  if (const auto told = metadata.find("http_status"); told != metadata.end()) {
    const std::string& text = told->second;
    std::from_chars(text.data(), text.data() + text.size(), http_status);
  }
  return ClassifyFailure(party, http_status, "");
}

}  // namespace latchkey::media
