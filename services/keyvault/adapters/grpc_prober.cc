#include "services/keyvault/adapters/grpc_prober.h"

#include <optional>

#include "lib/base/error.h"
#include "lib/base/metrics.h"
#include "lib/rpc/client_stream.h"
#include "lib/secret/sealed_box.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

// A synthesis and a transcription take a second or two; providers' own time-outs end before this.
constexpr absl::Duration kProbeDeadline = absl::Seconds(20);

using ProbeStream = rpc::BidiStream<validator::v1::ProbeRequest, validator::v1::ProbeResponse>;

// What validator says about the provider is passed on; what goes wrong with validator itself is no
// verdict either.
absl::Status NoVerdict(const absl::Status& status) {
  const std::string reason = Reason(status);
  if (reason == reason::kProviderUnreachable || reason == reason::kProviderRateLimited) {
    return status;
  }
  if (absl::IsInvalidArgument(status) || absl::IsCancelled(status)) return status;
  return Error(absl::StatusCode::kUnavailable, reason::kProviderUnreachable,
               "The key could not be checked just now. Nothing was saved; try again.",
               {{std::string(kNotAsked), "true"}});
}

std::string_view Word(validator::v1::Rejection rejection) {
  switch (rejection) {
    case validator::v1::REJECTION_INSUFFICIENT_SCOPE:
      return "insufficient_scope";
    case validator::v1::REJECTION_MODEL_NOT_FOUND:
      return "model_not_found";
    case validator::v1::REJECTION_NO_CREDIT:
      return "no_credit";
    case validator::v1::REJECTION_ACCOUNT_SUSPENDED:
      return "account_suspended";
    case validator::v1::REJECTION_MALFORMED_KEY:
      return "malformed_key";
    case validator::v1::REJECTION_NOT_AN_API_KEY:
      return "not_an_api_key";
    default:
      return "invalid_key";
  }
}

absl::StatusOr<AccountFacts> FromVerdict(Provider provider, const validator::v1::Verdict& verdict) {
  if (verdict.valid()) {
    return AccountFacts{verdict.call_ceiling(), verdict.trial(), verdict.carrier_account(), ""};
  }
  return Error(absl::StatusCode::kInvalidArgument, reason::kByokKeyInvalid, verdict.message(),
               {{"provider", std::string(provider::Name(provider))},
                {"reason", std::string(Word(verdict.rejection()))}});
}

// Why a rejected key was rejected, or why there is no verdict: a fixed word.
std::string VerdictOf(const absl::Status& probed) {
  if (probed.ok()) return "passed";
  const std::string why = Reason(probed);
  ErrorMetadata metadata = Metadata(probed);
  if (why == reason::kByokKeyInvalid) return metadata["reason"];
  if (metadata.contains(std::string(kNotAsked))) return "not_asked";
  if (why == reason::kProviderUnreachable) return "unreachable";
  if (why == reason::kProviderRateLimited) return "rate_limited";
  return "none";
}

absl::StatusOr<validator::v1::ProbeRequest> SealTo(std::string_view public_key, Provider provider,
                                                   const secret::KeyFields& candidate) {
  const absl::StatusOr<secret::BoxPublicKey> receiver = secret::BoxPublicKey::Parse(public_key);
  if (!receiver.ok()) return receiver.status();
  validator::v1::ProbeRequest request;
  request.set_provider(static_cast<type::v1::Provider>(provider));
  for (const auto& [name, value] : candidate) {
    absl::StatusOr<std::string> sealed = secret::SealedBox::Seal(
        *receiver, value, secret::BindProbe(static_cast<int>(provider), name));
    if (!sealed.ok()) return sealed.status();
    type::v1::SealedField& field = *request.add_fields();
    field.set_name(name);
    field.set_sealed(*std::move(sealed));
  }
  return request;
}

}  // namespace

Task<absl::StatusOr<AccountFacts>> GrpcProber::Probe(Provider provider,
                                                     const secret::KeyFields& candidate,
                                                     const std::string& model) {
  absl::StatusOr<AccountFacts> facts = co_await Ask(provider, candidate, model);
  metrics::MakeCounter(
      "latchkey_keyvault_probes_total", "Keys that were probed, by the verdict.",
      {{"provider", std::string(provider::Name(provider))}, {"verdict", VerdictOf(facts.status())}})
      .Add();
  co_return facts;
}

Task<absl::StatusOr<AccountFacts>> GrpcProber::Ask(Provider provider,
                                                   const secret::KeyFields& candidate,
                                                   const std::string& model) {
  const rpc::CallOptions options(kProbeDeadline);
  ProbeStream stream(validator_, &validator::v1::Validator::Stub::PrepareAsyncProbe, options);
  absl::StatusOr<std::optional<validator::v1::ProbeResponse>> offer = co_await stream.Read();
  if (!offer.ok()) co_return NoVerdict(offer.status());
  if (!offer->has_value()) co_return NoVerdict(absl::UnknownError("no key"));
  absl::StatusOr<validator::v1::ProbeRequest> request =
      SealTo((*offer)->public_key(), provider, candidate);
  if (!request.ok()) co_return NoVerdict(absl::UnknownError("not a public key"));
  request->set_model(model);

  absl::Status sent = co_await stream.Write(*request);
  if (!sent.ok()) co_return NoVerdict(sent);
  absl::StatusOr<std::optional<validator::v1::ProbeResponse>> answer = co_await stream.Read();
  if (!answer.ok()) co_return NoVerdict(answer.status());
  if (!answer->has_value() || !(*answer)->has_verdict()) {
    co_return NoVerdict(absl::UnknownError("no verdict"));
  }
  co_return FromVerdict(provider, (*answer)->verdict());
}

}  // namespace latchkey::keyvault
