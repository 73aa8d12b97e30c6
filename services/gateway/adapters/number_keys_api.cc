#include "services/gateway/adapters/number_keys_api.h"

#include <boost/json/array.hpp>
#include <optional>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/id.h"
#include "services/gateway/adapters/live_calls.h"
#include "services/gateway/adapters/number_key_views.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace kv = keyvault::v1;
namespace orch = orchestrator::v1;
using kv::KeyVault;
using orch::Orchestrator;

// A probe waits for the provider: its own limits are shorter. Many numbers may use several models.
constexpr absl::Duration kProbeLimit = absl::Seconds(25);
constexpr absl::Duration kManyLimit = absl::Seconds(90);
constexpr absl::Duration kCallLimit = absl::Seconds(5);
constexpr std::string_view kNumberIds = "numberIds";
constexpr std::string_view kAll = "all";

rpc::CallOptions Options(const ApiRequest& request, absl::Duration limit) {
  return rpc::CallOptions(limit, "", request.tenant.tenant_id());
}

absl::Status MalformedMany() {
  return Error(
      absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
      "The body has to be a JSON object with the text apiKey, and with either numberIds, a "
      "list of the ids of numbers, or all, which is true.");
}

absl::Status NumberNotFound() {
  return Error(absl::StatusCode::kNotFound, reason::kNumberNotFound,
               "This account has no such number. GET /v1/numbers lists its numbers.");
}

// The error body is what the product's page shows: a code, a reason and a message.
absl::Status AsOnThePage(const absl::Status& status) {
  if (Reason(status) != "byok_key_invalid") return status;
  ErrorMetadata kept;
  for (const auto& [name, value] : Metadata(status)) {
    if (name == "reason") kept.emplace(name, value);
  }
  return Error(status.code(), Reason(status), Message(status), std::move(kept));
}

// Which numbers a body means: none for all. std::nullopt: it does not say.
std::optional<std::vector<NumberId>> WantedNumbers(const KeyBody& body) {
  const std::optional<bool> all = body.FindBool(kAll);
  std::optional<std::vector<NumberId>> numbers = body.FindNumbers(kNumberIds);
  if (all.has_value() == numbers.has_value()) return std::nullopt;
  if (all.has_value()) return *all ? std::make_optional<std::vector<NumberId>>() : std::nullopt;
  if (numbers->empty()) return std::nullopt;
  return numbers;
}

}  // namespace

std::string NumberKeysApi::RequestId(const ApiRequest& request) {
  // Without an Idempotency-Key a repetition is a save of its own, which does no harm.
  return request.idempotency_key.empty() ? MakeIdText("req_", random_) : request.idempotency_key;
}

Task<absl::StatusOr<kv::Candidate>> NumberKeysApi::Seal(ApiRequest& request) {
  KeyOwner owner{request.tenant.tenant_id(), request.parameters[0], provider::Provider::kOpenai};
  co_return co_await sealer_.Seal(std::move(request.key_body), std::move(owner));
}

Task<absl::StatusOr<orch::AdmitNumberKeysResponse>> NumberKeysApi::AdmitMany(
    const ApiRequest& request, const std::vector<NumberId>& numbers) {
  orch::AdmitNumberKeysRequest admit;
  admit.set_tenant_id(request.tenant.tenant_id());
  admit.set_all(numbers.empty());
  for (const NumberId& number : numbers) admit.add_number_ids(number.text());
  const rpc::CallOptions options = Options(request, kCallLimit);
  co_return co_await rpc::Call(orchestrator_, &Orchestrator::Stub::PrepareAsyncAdmitNumberKeys,
                               admit, options);
}

Task<absl::StatusOr<orch::AdmittedNumber>> NumberKeysApi::Admit(const ApiRequest& request) {
  absl::StatusOr<NumberId> number = NumberId::Parse(request.parameters[0]);
  if (!number.ok()) co_return NumberNotFound();
  const std::vector<NumberId> one{*std::move(number)};
  absl::StatusOr<orch::AdmitNumberKeysResponse> admitted = co_await AdmitMany(request, one);
  if (!admitted.ok()) co_return admitted.status();
  if (admitted->numbers_size() != 1) co_return NumberNotFound();
  co_return admitted->numbers(0);
}

Task<absl::StatusOr<Reply>> NumberKeysApi::Test(ApiRequest& request) {
  absl::StatusOr<kv::Candidate> candidate = co_await Seal(request);
  if (!candidate.ok()) co_return candidate.status();
  absl::StatusOr<orch::AdmittedNumber> number = co_await Admit(request);
  if (!number.ok()) co_return number.status();
  kv::TestKeyRequest test;
  test.mutable_scope()->set_tenant_id(request.tenant.tenant_id());
  test.mutable_scope()->set_number_id(number->number_id());
  test.set_provider(type::v1::PROVIDER_OPENAI);
  test.set_model(number->model());
  *test.mutable_candidate() = *std::move(candidate);
  const rpc::CallOptions options = Options(request, kProbeLimit);
  absl::StatusOr<kv::TestKeyResponse> tested =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncTestKey, test, options);
  if (!tested.ok()) co_return AsOnThePage(tested.status());
  Reply reply;
  reply.body = TestedView(*number, *tested);
  co_return reply;
}

Task<absl::StatusOr<Reply>> NumberKeysApi::Put(ApiRequest& request) {
  absl::StatusOr<kv::Candidate> candidate = co_await Seal(request);
  if (!candidate.ok()) co_return candidate.status();
  absl::StatusOr<orch::AdmittedNumber> number = co_await Admit(request);
  if (!number.ok()) co_return number.status();
  kv::PutKeyRequest put;
  put.set_request_id(RequestId(request));
  put.mutable_scope()->set_tenant_id(request.tenant.tenant_id());
  put.mutable_scope()->set_number_id(number->number_id());
  put.set_provider(type::v1::PROVIDER_OPENAI);
  put.set_model(number->model());
  *put.mutable_candidate() = *std::move(candidate);
  const rpc::CallOptions options = Options(request, kProbeLimit);
  absl::StatusOr<kv::PutKeyResponse> saved =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncPutKey, put, options);
  if (!saved.ok()) co_return AsOnThePage(saved.status());
  Reply reply;
  reply.body = SavedView(*number, saved->key(), saved->warnings());
  co_return reply;
}

Task<absl::StatusOr<Reply>> NumberKeysApi::Delete(const ApiRequest& request) {
  const absl::StatusOr<kv::LiveCalls> live_calls = ParseLiveCalls(request);
  if (!live_calls.ok()) co_return live_calls.status();
  if (!NumberId::Parse(request.parameters[0]).ok()) co_return NumberNotFound();
  orch::GetNumberRequest get;
  get.set_tenant_id(request.tenant.tenant_id());
  get.set_number_id(request.parameters[0]);
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<orch::GetNumberResponse> number =
      co_await rpc::Call(orchestrator_, &Orchestrator::Stub::PrepareAsyncGetNumber, get, options);
  if (!number.ok()) co_return number.status();
  kv::DeleteKeyRequest remove;
  remove.mutable_scope()->set_tenant_id(request.tenant.tenant_id());
  remove.mutable_scope()->set_number_id(request.parameters[0]);
  remove.set_provider(type::v1::PROVIDER_OPENAI);
  remove.set_live_calls(*live_calls);
  absl::StatusOr<kv::DeleteKeyResponse> removed =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncDeleteKey, remove, options);
  if (!removed.ok() && Reason(removed.status()) != "key_not_found") co_return removed.status();
  Reply reply;
  reply.body = {{"ok", true}, {"numberId", request.parameters[0]}, {"voiceMode", "managed"}};
  co_return reply;
}

Task<absl::StatusOr<Reply>> NumberKeysApi::PutMany(ApiRequest& request) {
  std::optional<KeyBody> body = KeyBody::Parse(std::move(request.key_body));
  if (!body.has_value()) co_return MalformedMany();
  std::optional<std::vector<NumberId>> wanted = WantedNumbers(*body);
  if (!wanted.has_value()) co_return MalformedMany();
  KeyOwner owner{request.tenant.tenant_id(), "", provider::Provider::kOpenai};
  absl::StatusOr<kv::Candidate> candidate =
      co_await sealer_.Seal(*std::move(body), 1, std::move(owner));
  if (!candidate.ok()) co_return candidate.status();
  absl::StatusOr<orch::AdmitNumberKeysResponse> admitted = co_await AdmitMany(request, *wanted);
  if (!admitted.ok()) co_return admitted.status();
  kv::PutNumberKeysResponse saved;
  if (admitted->numbers_size() > 0) {
    kv::PutNumberKeysRequest put;
    put.set_request_id(RequestId(request));
    put.set_tenant_id(request.tenant.tenant_id());
    put.set_provider(type::v1::PROVIDER_OPENAI);
    *put.mutable_candidate() = *std::move(candidate);
    for (const orch::AdmittedNumber& number : admitted->numbers()) {
      kv::NumberTarget& target = *put.add_targets();
      target.set_number_id(number.number_id());
      target.set_model(number.model());
    }
    const rpc::CallOptions options = Options(request, kManyLimit);
    absl::StatusOr<kv::PutNumberKeysResponse> done =
        co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncPutNumberKeys, put, options);
    if (!done.ok()) co_return done.status();
    saved = *std::move(done);
  }
  co_return ManyReply(*admitted, saved, NumberNotFound());
}

}  // namespace latchkey::gateway
