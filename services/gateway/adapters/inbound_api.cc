#include "services/gateway/adapters/inbound_api.h"

#include "services/gateway/adapters/inbound_view.h"
#include "services/gateway/adapters/json_values.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace orch = orchestrator::v1;

// Two requests to the carrier, and a lease before them.
constexpr absl::Duration kTellLimit = absl::Seconds(15);
constexpr absl::Duration kListLimit = absl::Seconds(5);
constexpr int kPageSize = 100;

}  // namespace

Task<absl::StatusOr<orch::ListNumbersResponse>> InboundApi::List(const std::string& tenant_id,
                                                                 const std::string& page_token) {
  orch::ListNumbersRequest list;
  list.set_tenant_id(tenant_id);
  list.set_page_size(kPageSize);
  list.set_page_token(page_token);
  const rpc::CallOptions options(kListLimit, "", tenant_id);
  co_return co_await rpc::Call(orchestrator_, &orch::Orchestrator::Stub::PrepareAsyncListNumbers,
                               list, options);
}

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
  NumberRound round(*this, clock_, request.tenant.tenant_id(), *carrier);
  co_await round.Run(reply);
}

}  // namespace latchkey::gateway
