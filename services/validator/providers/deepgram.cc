#include "services/validator/providers/deepgram.h"

#include <utility>

#include "services/validator/providers/answer.h"

namespace latchkey::validator {
namespace {

constexpr Provider kProvider = Provider::kDeepgram;

constexpr uint32_t kRateHz = 8000;
constexpr uint32_t kSampleBytes = 2;
constexpr uint32_t kSilenceBytes = kRateHz * kSampleBytes;

void AppendLittleEndian(std::string& wav, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) wav += static_cast<char>((value >> (8 * i)) & 0xff);
}

// There are two shapes of error bodies, and sometimes plain text.
std::string ErrorCode(const http::Response& response) {
  for (const char* name : {"err_code", "category", "error_code"}) {
    const std::string code = TextAt(response, name);
    if (!code.empty()) return code;
  }
  return "";
}

Verdict JudgeUnauthorized(const http::Response& response) {
  if (ErrorCode(response) == "INSUFFICIENT_PERMISSIONS") {
    return Verdict::Rejected(Rejection::kInsufficientScope,
                             "Deepgram knows the key, but it may not transcribe. Create a key with "
                             "at least the Member role and paste it.");
  }
  return Verdict::Rejected(Rejection::kInvalidKey,
                           "Deepgram does not know this key: it is mistyped, deleted or expired. "
                           "Create a new key on console.deepgram.com and paste it.");
}

}  // namespace

std::string SilentWav() {
  constexpr uint32_t kPcm = 1, kChannels = 1, kHeaderRest = 36;
  std::string wav = "RIFF";
  AppendLittleEndian(wav, kHeaderRest + kSilenceBytes, 4);
  wav += "WAVEfmt ";
  AppendLittleEndian(wav, 16, 4);  // Bytes of this chunk.
  AppendLittleEndian(wav, kPcm, 2);
  AppendLittleEndian(wav, kChannels, 2);
  AppendLittleEndian(wav, kRateHz, 4);
  AppendLittleEndian(wav, kRateHz * kSampleBytes, 4);  // Bytes a second.
  AppendLittleEndian(wav, kSampleBytes, 2);
  AppendLittleEndian(wav, 8 * kSampleBytes, 2);
  wav += "data";
  AppendLittleEndian(wav, kSilenceBytes, 4);
  wav.append(kSilenceBytes, '\0');
  return wav;
}

absl::StatusOr<Verdict> JudgeDeepgram(const http::Response& response) {
  switch (response.status) {
    case 200:
      return Verdict::Valid();
    case 401:
      return JudgeUnauthorized(response);
    case 402:
      return Verdict::Rejected(Rejection::kNoCredit,
                               "Deepgram knows the key, but the project has no credit left. Add "
                               "credit on console.deepgram.com, then save the key again.");
    case 403:
      return Verdict::Rejected(Rejection::kModelNotFound,
                               "The key's Deepgram project may not use nova-3. Allow the model on "
                               "console.deepgram.com, then save the key again.");
    case 429:
      return RateLimited(kProvider, response);
    default:
      return NoVerdict(kProvider, response);
  }
}

DeepgramProber::DeepgramProber(http::Client& client, http::Url base_url)
    : client_(client), base_url_(std::move(base_url)) {}

Task<absl::StatusOr<Verdict>> DeepgramProber::Probe(const Candidate& candidate) {
  const http::Form query = {{"model", "nova-3"}, {"language", "en"}};
  http::Request request("POST", base_url_.At("/v1/listen", query));
  request.headers.Set("content-type", "audio/wav");
  request.body = SilentWav();
  request.secret = http::SecretHeader::Token(*candidate.FindSecret("api_key"));
  const http::Limits limits = ProbeLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return NoAnswer(kProvider, response.status());
  co_return JudgeDeepgram(*response);
}

}  // namespace latchkey::validator
