#include "sandbox/carrier/exotel/stream_url.h"

#include "lib/base/error.h"
#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr size_t kQueryBytesMax = 256;
constexpr size_t kParametersMax = 3;

absl::Status Malformed() {
  return Error(absl::StatusCode::kInvalidArgument, "malformed_url",
               "A stream's address is wss://… with a sample-rate of 8000, 16000 or 24000 and at "
               "most three parameters of its own.");
}

// Takes "user:password@" out of `text`, and returns it as a header's value.
std::string TakeUserInfo(std::string& text) {
  const size_t start = text.find("://") + 3;
  const size_t at = text.substr(0, text.find_first_of("/?", start)).rfind('@');
  if (at == std::string::npos || at < start) return "";
  const std::vector<uint8_t> credentials(text.begin() + static_cast<ptrdiff_t>(start),
                                         text.begin() + static_cast<ptrdiff_t>(at));
  text.erase(start, at + 1 - start);
  return "Basic " + EncodeBase64(credentials);
}

// What has no "=" is a key with an empty value, as it was seen to arrive.
bool TakeParameter(const http::Form::Pair& pair, StreamUrl& stream) {
  if (pair.first != "sample-rate" && pair.first != "sample_rate") {
    stream.parameters.push_back(pair);
    return stream.parameters.size() <= kParametersMax;
  }
  for (const int rate : {8000, 16'000, 24'000}) {
    if (pair.second != std::to_string(rate)) continue;
    stream.sample_rate = rate;
    return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<StreamUrl> StreamUrl::Parse(std::string_view text) {
  std::string bare(text);
  if (!text.starts_with("wss://") && !text.starts_with("ws://")) return Malformed();
  std::string authorization = TakeUserInfo(bare);
  const absl::StatusOr<http::Url> url = http::Url::Parse(bare);
  if (!url.ok()) return url.status();
  StreamUrl stream{.url = *url, .authorization = std::move(authorization), .parameters = {}};
  const std::string& target = url->target();
  const size_t question = target.find('?');
  if (question == std::string::npos) return stream;
  if (target.size() - question > kQueryBytesMax) return Malformed();
  const absl::StatusOr<http::Form> query = http::Form::Parse(target.substr(question + 1));
  if (!query.ok()) return query.status();
  for (const http::Form::Pair& pair : *query) {
    if (!TakeParameter(pair, stream)) return Malformed();
  }
  return stream;
}

}  // namespace latchkey::sandbox::exotel
