#include "services/gateway/adapters/inbound_api.h"

#include <boost/json/array.hpp>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/gateway/adapters/json_values.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace orch = orchestrator::v1;

// Two requests to the carrier, and a lease before them.
constexpr absl::Duration kTellLimit = absl::Seconds(15);
constexpr absl::Duration kListLimit = absl::Seconds(5);
// A key's reply does not wait longer for its numbers: those that are left can be told one by one.
constexpr absl::Duration kAllMax = absl::Seconds(5);
constexpr int kNumbersMax = 100;

json::object InboundView(const absl::Status& told) {
  if (told.ok()) return {{"configured", true}};
  const std::string why = Reason(told);
  if (why.empty()) {
    return {{"configured", false},
            {"reason", std::string(reason::kCarrierNotTold)},
            {"message",
             "The carrier could not be told now. Try again with POST /v1/numbers/{id}/configure."}};
  }
  return {{"configured", false}, {"reason", why}, {"message", Message(told)}};
}

absl::Status NotReached() {
  return Error(absl::StatusCode::kDeadlineExceeded, reason::kNumberNotTold,
               "There was no time left for this number. Use POST /v1/numbers/{id}/configure.");
}

}  // namespace

Task<absl::Status> InboundApi::Tell(const std::string& tenant_id, const std::string& number_id) {
  dialer::v1::ConfigureNumberRequest configure;
  configure.set_tenant_id(tenant_id);
  configure.set_number_id(number_id);
  const rpc::CallOptions options(kTellLimit, "", tenant_id);
  absl::StatusOr<dialer::v1::ConfigureNumberResponse> told = co_await rpc::Call(
      dialer_, &dialer::v1::Dialer::Stub::PrepareAsyncConfigureNumber, configure, options);
  co_return told.status();
}

Task<absl::StatusOr<Reply>> InboundApi::Configure(const ApiRequest& request) {
  absl::Status told = co_await Tell(request.tenant.tenant_id(), request.parameters[0]);
  if (!told.ok()) co_return told;
  Reply reply;
  reply.body = {{"id", request.parameters[0]}, {"inbound", InboundView(told)}};
  co_return reply;
}

Task<void> InboundApi::AfterNumber(const ApiRequest& request, Reply& reply) {
  const json::value* id = reply.body.if_contains("id");
  if (id == nullptr || !id->is_string()) co_return;
  const std::string number_id(id->get_string());
  const absl::Status told = co_await Tell(request.tenant.tenant_id(), number_id);
  reply.body["inbound"] = InboundView(told);
}

Task<void> InboundApi::AfterKey(const ApiRequest& request, Reply& reply) {
  const absl::StatusOr<type::v1::Provider> carrier = ParseProvider(request.parameters[0]);
  if (!carrier.ok() || *carrier != type::v1::PROVIDER_TWILIO) co_return;
  const std::string& tenant_id = request.tenant.tenant_id();
  orch::ListNumbersRequest list;
  list.set_tenant_id(tenant_id);
  list.set_page_size(kNumbersMax);
  const rpc::CallOptions options(kListLimit, "", tenant_id);
  absl::StatusOr<orch::ListNumbersResponse> page = co_await rpc::Call(
      orchestrator_, &orch::Orchestrator::Stub::PrepareAsyncListNumbers, list, options);
  if (!page.ok()) {
    log::Warn("numbers not told to their carrier", {{"error", page.status()}});
    co_return;
  }
  const absl::Time until = clock_.Now() + kAllMax;
  json::array numbers;
  for (const orch::Number& number : page->numbers()) {
    if (number.carrier() != *carrier || number.platform_owned()) continue;
    absl::Status told = NotReached();
    if (clock_.Now() < until) told = co_await Tell(tenant_id, number.number_id());
    numbers.push_back(json::object{{"id", number.number_id()}, {"inbound", InboundView(told)}});
  }
  if (!numbers.empty()) reply.body["numbers"] = std::move(numbers);
}

}  // namespace latchkey::gateway
