#include "tests/integration/keyvault/fake_validator.h"

#include "lib/base/error.h"
#include "lib/secret/sealed_box.h"

namespace latchkey::keyvault {

namespace {

using validator::v1::ProbeRequest;
using validator::v1::ProbeResponse;

absl::StatusOr<ProbeResponse> Judge(const std::string& key, bool carrier, bool reject) {
  if (key.find("unreachable") != std::string::npos) {
    return Error(absl::StatusCode::kUnavailable, "provider_unreachable", "No answer. Try again.");
  }
  if (key.find("busy") != std::string::npos) {
    return Error(absl::StatusCode::kUnavailable, "provider_rate_limited", "Come back later.",
                 {{"retry_after_seconds", "7"}});
  }
  ProbeResponse response;
  validator::v1::Verdict& verdict = *response.mutable_verdict();
  verdict.set_valid(!reject && key.find("rejected") == std::string::npos);
  if (!verdict.valid()) {
    verdict.set_rejection(validator::v1::REJECTION_NO_CREDIT);
    verdict.set_message("The account has no credit. Add some and save the key again.");
    return response;
  }
  verdict.set_call_ceiling(25);
  if (carrier) verdict.set_carrier_account("AC0123456789abcdef0123456789abcdef");
  return response;
}

}  // namespace

Task<absl::Status> FakeValidator::Probe(const rpc::CallContext&,
                                        rpc::ReaderWriter<ProbeRequest, ProbeResponse>& stream) {
  ++probes;
  const secret::BoxKeyPair pair = secret::BoxKeyPair::Make();
  ProbeResponse offer;
  offer.set_public_key(pair.public_key().bytes());
  absl::Status offered = co_await stream.Write(offer);
  if (!offered.ok()) co_return offered;
  std::optional<ProbeRequest> request = co_await stream.Read();
  if (!request.has_value()) co_return absl::CancelledError("gone");
  std::string all;
  for (const type::v1::SealedField& field : request->fields()) {
    const secret::BoxBinding binding = secret::BindProbe(request->provider(), field.name());
    const absl::StatusOr<std::string> opened = pair.OpenText(field.sealed(), binding);
    if (!opened.ok()) co_return opened.status();
    all += *opened;
  }
  absl::StatusOr<ProbeResponse> answer =
      Judge(all, request->provider() == type::v1::PROVIDER_TWILIO, reject);
  if (answer.ok() && request->model() == "forbidden") {
    answer->mutable_verdict()->set_valid(false);
    answer->mutable_verdict()->set_rejection(validator::v1::REJECTION_MODEL_NOT_FOUND);
  }
  if (!answer.ok()) co_return answer.status();
  co_return co_await stream.Write(*answer);
}

}  // namespace latchkey::keyvault
