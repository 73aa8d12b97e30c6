#include "services/validator/providers/cartesia.h"

#include <string>
#include <utility>

#include "services/validator/providers/answer.h"

namespace latchkey::validator {
namespace {

constexpr Provider kProvider = Provider::kCartesia;

// The voice is Katie, which is public. The shape of `voice` belongs to the version.
constexpr char kVersion[] = "2026-08-14";
constexpr char kProbe[] =
    R"({"model_id":"sonic-3.5","transcript":"Hi.",)"
    R"("voice":"f786b574-daa5-4673-aa0c-cbe3e8534c02","language":"en",)"
    R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000}})";

// Some routes wrap the error object.
std::string ErrorCode(const http::Response& response) {
  const std::string code = TextAt(response, "error_code");
  return code.empty() ? TextAt(response, "error.error_code") : code;
}

Verdict NoCredit() {
  return Verdict::Rejected(Rejection::kNoCredit,
                           "Cartesia knows the key, but the account has no credits left. Add "
                           "credits on play.cartesia.ai, then save the key again.");
}

}  // namespace

absl::StatusOr<Verdict> JudgeCartesia(const http::Response& response) {
  if (response.status == 200) return Verdict::Valid();
  if (response.status == 429) return RateLimited(kProvider, response);
  if (response.status == 401) {
    return Verdict::Rejected(Rejection::kInvalidKey,
                             "Cartesia does not know this key: it is mistyped or revoked. Create a "
                             "new key on play.cartesia.ai/keys and paste it.");
  }
  if (response.status >= 500) return NoVerdict(kProvider, response);
  const std::string code = ErrorCode(response);
  if (response.status == 402 || code == "quota_exceeded") return NoCredit();
  if (response.status == 403) {
    return Verdict::Rejected(Rejection::kInsufficientScope,
                             "Cartesia does not let this key speak: it is an administrator's key, "
                             "or the plan does not allow it. Create a normal key and paste it.");
  }
  if (code == "model_not_found") {
    return Verdict::Rejected(Rejection::kModelNotFound,
                             "This key may not use sonic-3.5. Allow the model for the account on "
                             "play.cartesia.ai, then save the key again.");
  }
  return NoVerdict(kProvider, response);
}

CartesiaProber::CartesiaProber(http::Client& client, http::Url base_url)
    : client_(client), base_url_(std::move(base_url)) {}

Task<absl::StatusOr<Verdict>> CartesiaProber::Probe(const Candidate& candidate) {
  http::Request request("POST", base_url_.At("/tts/bytes"));
  request.headers.Set("cartesia-version", kVersion);
  request.headers.Set("content-type", "application/json");
  request.body = kProbe;
  request.secret = http::SecretHeader::Bearer(*candidate.FindSecret("api_key"));
  const http::Limits limits = ProbeLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return NoAnswer(kProvider, response.status());
  co_return JudgeCartesia(*response);
}

}  // namespace latchkey::validator
