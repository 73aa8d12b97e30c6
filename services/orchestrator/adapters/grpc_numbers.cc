#include "services/orchestrator/adapters/grpc_numbers.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "services/orchestrator/adapters/number_message.h"
#include "services/orchestrator/adapters/tenant_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr int kPageMax = 100;

int PageSize(int32_t asked) { return asked <= 0 ? kPageMax : std::min(asked, kPageMax); }

struct OwnedNumber {
  TenantId tenant;
  NumberId id;
};

absl::StatusOr<OwnedNumber> ParseOwned(const std::string& tenant_id, const std::string& id) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(tenant_id);
  if (!tenant.ok()) return tenant.status();
  absl::StatusOr<NumberId> number = NumberId::Parse(id);
  if (!number.ok()) return number.status();
  return OwnedNumber{*std::move(tenant), *std::move(number)};
}

// Nothing: all numbers are meant. What is no id at all is an unknown number, as any other that the
// tenant does not have.
absl::StatusOr<std::optional<std::vector<NumberId>>> ParseWanted(
    const pb::AdmitNumberKeysRequest& request, pb::AdmitNumberKeysResponse& response) {
  if (request.all() == (request.number_ids_size() > 0)) {
    return Malformed("Either number_ids names numbers, or all is set.");
  }
  if (request.all()) return std::nullopt;
  std::set<std::string> seen;
  std::vector<NumberId> wanted;
  for (const std::string& text : request.number_ids()) {
    if (!seen.insert(text).second) return Malformed("number_ids names a number twice.");
    absl::StatusOr<NumberId> number = NumberId::Parse(text);
    if (number.ok()) {
      wanted.push_back(*std::move(number));
    } else {
      response.add_unknown_number_ids(text);
    }
  }
  return wanted;
}

}  // namespace

Task<void> GrpcNumbers::FillWritten(const Number& number, pb::Number& message) {
  FillNumber(number, message);
  absl::StatusOr<NumberVoices> voices = co_await keys_.Voices(number.tenant);
  if (voices.ok()) FillVoice(voices->Of(number.id), message);
}

Task<absl::Status> GrpcNumbers::CreateNumber(const rpc::CallContext& context,
                                             const pb::CreateNumberRequest& request,
                                             pb::CreateNumberResponse& response) {
  absl::StatusOr<NewNumber> wanted = ParseNewNumber(request);
  if (!wanted.ok()) co_return wanted.status();
  if (wanted->platform_owned && context.caller().service != "ops") {
    co_return Malformed("Only the operator makes numbers of the platform's carrier account.");
  }
  absl::StatusOr<Number> number = co_await numbers_.Create(*wanted);
  if (!number.ok()) co_return number.status();
  co_await FillWritten(*number, *response.mutable_number());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcNumbers::UpdateNumber(const rpc::CallContext&,
                                             const pb::UpdateNumberRequest& request,
                                             pb::UpdateNumberResponse& response) {
  absl::StatusOr<OwnedNumber> owned = ParseOwned(request.tenant_id(), request.number_id());
  if (!owned.ok()) co_return owned.status();
  absl::StatusOr<Agent> agent = ParseAgent(request.agent());
  if (!agent.ok()) co_return agent.status();
  absl::StatusOr<Number> number = co_await numbers_.ReplaceAgent(owned->tenant, owned->id, *agent);
  if (!number.ok()) co_return number.status();
  co_await FillWritten(*number, *response.mutable_number());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcNumbers::GetNumber(const rpc::CallContext&,
                                          const pb::GetNumberRequest& request,
                                          pb::GetNumberResponse& response) {
  absl::StatusOr<OwnedNumber> owned = ParseOwned(request.tenant_id(), request.number_id());
  if (!owned.ok()) co_return owned.status();
  absl::StatusOr<NumberAndTenant> found = co_await numbers_.Find(owned->tenant, owned->id);
  if (!found.ok()) co_return found.status();
  absl::StatusOr<NumberVoices> voices = co_await keys_.Voices(owned->tenant);
  if (!voices.ok()) co_return voices.status();
  FillNumber(found->number, *response.mutable_number());
  FillVoice(voices->Of(owned->id), *response.mutable_number());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcNumbers::ListNumbers(const rpc::CallContext&,
                                            const pb::ListNumbersRequest& request,
                                            pb::ListNumbersResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  std::optional<NumberId> after;
  if (!request.page_token().empty()) {
    absl::StatusOr<NumberId> parsed = NumberId::Parse(request.page_token());
    if (!parsed.ok()) co_return Malformed("page_token is one of this method's own, or empty.");
    after = *std::move(parsed);
  }
  const int limit = PageSize(request.page_size());
  absl::StatusOr<NumberPage> page = co_await numbers_.List(*tenant, after, limit);
  if (!page.ok()) co_return page.status();
  absl::StatusOr<NumberVoices> voices = co_await keys_.Voices(*tenant);
  if (!voices.ok()) co_return voices.status();
  for (const Number& number : page->numbers) {
    pb::Number& message = *response.add_numbers();
    FillNumber(number, message);
    FillVoice(voices->Of(number.id), message);
  }
  if (page->next.has_value()) response.set_next_page_token(page->next->text());
  co_return absl::OkStatus();
}

Task<absl::StatusOr<NumberAndTenant>> GrpcNumbers::FindWhatIsAsked(
    const pb::FindNumberRequest& request) {
  if (!request.e164().empty()) co_return co_await numbers_.FindByE164(request.e164());
  absl::StatusOr<OwnedNumber> owned = ParseOwned(request.tenant_id(), request.number_id());
  if (!owned.ok()) co_return owned.status();
  co_return co_await numbers_.Find(owned->tenant, owned->id);
}

Task<absl::Status> GrpcNumbers::FindNumber(const rpc::CallContext&,
                                           const pb::FindNumberRequest& request,
                                           pb::FindNumberResponse& response) {
  absl::StatusOr<NumberAndTenant> found = co_await FindWhatIsAsked(request);
  if (!found.ok()) co_return found.status();
  FillNumber(found->number, *response.mutable_number());
  FillTenant(found->tenant, *response.mutable_tenant());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcNumbers::AdmitNumberKeys(const rpc::CallContext&,
                                                const pb::AdmitNumberKeysRequest& request,
                                                pb::AdmitNumberKeysResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<std::optional<std::vector<NumberId>>> wanted = ParseWanted(request, response);
  if (!wanted.ok()) co_return wanted.status();
  absl::StatusOr<KeyTargets> targets = co_await keys_.Admit(*tenant, *wanted);
  if (!targets.ok()) co_return targets.status();
  for (const KeyTarget& target : targets->numbers) FillTarget(target, *response.add_numbers());
  for (const NumberId& number : targets->unknown) response.add_unknown_number_ids(number.text());
  co_return absl::OkStatus();
}

}  // namespace latchkey::orchestrator
