#include "services/keyvault/adapters/grpc_health.h"

#include <algorithm>

#include "lib/base/error.h"
#include "services/keyvault/adapters/convert.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr int kAnswersMax = 16;

std::optional<Answer> ParseAnswer(v1::ProviderAnswer answer) {
  switch (answer) {
    case v1::PROVIDER_ANSWER_WORKED:
      return Answer::kWorked;
    case v1::PROVIDER_ANSWER_KEY_REFUSED:
      return Answer::kKeyRefused;
    case v1::PROVIDER_ANSWER_NO_CREDIT:
      return Answer::kNoCredit;
    case v1::PROVIDER_ANSWER_RATE_LIMITED:
      return Answer::kRateLimited;
    case v1::PROVIDER_ANSWER_FAILED:
      return Answer::kFailed;
    case v1::PROVIDER_ANSWER_NONE:
      return Answer::kNone;
    default:
      return std::nullopt;
  }
}

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

}  // namespace

absl::StatusOr<std::vector<LeaseObservation>> ParseObservations(const ObservationsProto& protos) {
  if (protos.size() > static_cast<int>(kObservationsMax)) {
    return Malformed("At most 10000 observations are taken in one request.");
  }
  std::vector<LeaseObservation> observations;
  for (const v1::LeaseObservation& proto : protos) {
    absl::StatusOr<LeaseId> lease = LeaseId::Parse(proto.lease_id());
    if (!lease.ok()) return Malformed("observations holds what is not the id of a lease.");
    if (proto.answers_size() > kAnswersMax) return Malformed("answers holds each answer once.");
    LeaseObservation observation;
    observation.lease = *std::move(lease);
    observation.key_version = proto.key_version();
    observation.call_ceiling = proto.call_ceiling();
    for (const v1::SeenAnswer& seen : proto.answers()) {
      const std::optional<Answer> answer = ParseAnswer(seen.answer());
      if (!answer.has_value()) continue;
      observation.answers.push_back({*answer, std::max(1, seen.count())});
    }
    observations.push_back(std::move(observation));
  }
  return observations;
}

Task<absl::Status> GrpcHealth::Revalidate(const rpc::CallContext& context,
                                          const v1::RevalidateRequest& request,
                                          v1::RevalidateResponse& response) {
  absl::StatusOr<KeySlot> slot = ParseSlot(request.scope(), request.provider());
  if (!slot.ok()) co_return slot.status();
  const Actor actor(context.caller().SpiffeId());
  absl::StatusOr<KeyInfo> key = co_await checkups_.Revalidate(*slot, actor);
  if (!key.ok()) co_return key.status();
  FillKey(*key, *response.mutable_key());
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
