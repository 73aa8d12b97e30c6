#include "tests/integration/dialer/fake_services.h"

#include "lib/base/error.h"

namespace latchkey::dialer {
namespace {

namespace kv = keyvault::v1;
namespace oc = orchestrator::v1;
namespace bl = billing::v1;
namespace md = media::v1;

}  // namespace

FakeKeyVault::FakeKeyVault(rpc::Host& host) {
  using Methods = kv::KeyVault::AsyncService;
  auto served = host.Serve<kv::KeyVault>(*this);
  served.Unary(&Methods::RequestListKeys, &FakeKeyVault::ListKeys)
      .Unary(&Methods::RequestVerifyCarrierSignature, &FakeKeyVault::Verify);
  RefuseAll(served.With(unused_), &Methods::RequestGetIntakeKey, &Methods::RequestPutKey,
            &Methods::RequestPutNumberKeys, &Methods::RequestTestKey, &Methods::RequestDeleteKey,
            &Methods::RequestLeaseKeys, &Methods::RequestRenewLeases, &Methods::RequestReleaseLease,
            &Methods::RequestRevalidate, &Methods::RequestSwitchVersion,
            &Methods::RequestWatchRevocations, &Methods::RequestRevokeAll, &Methods::RequestRewrap,
            &Methods::RequestRetireRootKey, &Methods::RequestShredTenant,
            &Methods::RequestListAudit, &Methods::RequestVerifyAudit, &Methods::RequestFreeze,
            &Methods::RequestUnfreeze, &Methods::RequestSetSigningSecret, &Methods::RequestSign);
}

Task<absl::Status> FakeKeyVault::ListKeys(const rpc::CallContext&,
                                          const kv::ListKeysRequest& request,
                                          kv::ListKeysResponse& response) {
  for (const auto provider : {type::v1::PROVIDER_ANTHROPIC, type::v1::PROVIDER_CARTESIA,
                              type::v1::PROVIDER_DEEPGRAM, type::v1::PROVIDER_TWILIO}) {
    kv::Key& key = *response.add_keys();
    key.set_provider(provider);
    key.mutable_scope()->set_tenant_id(request.tenant_id());
    key.set_status(kv::KEY_STATUS_VALID);
  }
  co_return absl::OkStatus();
}

Task<absl::Status> FakeKeyVault::Verify(const rpc::CallContext&,
                                        const kv::VerifyCarrierSignatureRequest& request,
                                        kv::VerifyCarrierSignatureResponse& response) {
  response.set_genuine(request.signature() == "genuine" &&
                       request.scope().tenant_id() == "tnt_platform");
  co_return absl::OkStatus();
}

FakeOrchestrator::FakeOrchestrator(rpc::Host& host) {
  using Methods = oc::Orchestrator::AsyncService;
  auto served = host.Serve<oc::Orchestrator>(*this);
  served.Unary(&Methods::RequestFindNumber, &FakeOrchestrator::FindNumber);
  RefuseAll(
      served.With(unused_), &Methods::RequestCreateTenant, &Methods::RequestUpdateTenant,
      &Methods::RequestCreateApiKey, &Methods::RequestRevokeApiKey, &Methods::RequestAuthenticate,
      &Methods::RequestCreateNumber, &Methods::RequestUpdateNumber, &Methods::RequestGetNumber,
      &Methods::RequestAdmitNumberKeys, &Methods::RequestListNumbers,
      &Methods::RequestGetOnboarding, &Methods::RequestSetMode, &Methods::RequestCompleteOnboarding,
      &Methods::RequestAppendCallEvents, &Methods::RequestRunTool, &Methods::RequestWatchCall,
      &Methods::RequestGetTranscript, &Methods::RequestReadRecording, &Methods::RequestRecordEvent,
      &Methods::RequestListEvents);
}

Task<absl::Status> FakeOrchestrator::FindNumber(const rpc::CallContext&,
                                                const oc::FindNumberRequest& request,
                                                oc::FindNumberResponse& response) {
  const bool known = request.e164().empty()
                         ? request.tenant_id() == "tnt_a" && request.number_id() == "num_a"
                         : request.e164() == "+14155550100";
  if (!known) {
    co_return Error(absl::StatusCode::kNotFound, "number_not_found", "No such number.");
  }
  oc::Number& number = *response.mutable_number();
  number.set_number_id("num_a");
  number.set_tenant_id("tnt_a");
  number.set_e164("+14155550100");
  number.set_carrier(type::v1::PROVIDER_TWILIO);
  number.set_platform_owned(true);
  number.mutable_agent()->set_first_message("Hello.");
  number.mutable_agent()->mutable_call_duration_max()->set_seconds(600);
  oc::Tenant& tenant = *response.mutable_tenant();
  tenant.set_tenant_id("tnt_a");
  tenant.set_country("US");
  tenant.set_currency_code("USD");
  tenant.set_plan(oc::PLAN_FREE);
  tenant.set_mode(oc::ONBOARDING_MODE_BUNDLED);
  tenant.mutable_rules()->set_window_end_minute(1440);
  co_return absl::OkStatus();
}

FakeBilling::FakeBilling(rpc::Host& host) {
  using Methods = bl::Billing::AsyncService;
  auto served = host.Serve<bl::Billing>(*this);
  served.Unary(&Methods::RequestAuthorize, &FakeBilling::Authorize)
      .Unary(&Methods::RequestRecordUsage, &FakeBilling::RecordUsage);
  RefuseAll(served.With(unused_), &Methods::RequestGetUsage);
}

Task<absl::Status> FakeBilling::Authorize(const rpc::CallContext&, const bl::AuthorizeRequest&,
                                          bl::AuthorizeResponse& response) {
  response.mutable_rate()->set_rate_id("free-bundled-usd");
  response.mutable_rate()->mutable_per_minute()->set_currency_code("USD");
  response.mutable_rate()->mutable_per_minute()->set_micros(400'000);
  response.mutable_rate()->mutable_increment_duration()->set_seconds(1);
  co_return absl::OkStatus();
}

Task<absl::Status> FakeBilling::RecordUsage(const rpc::CallContext&,
                                            const bl::RecordUsageRequest& request,
                                            bl::RecordUsageResponse&) {
  if (refusals.fetch_sub(1) > 0) {
    co_return Error(absl::StatusCode::kUnavailable, "postgres_unavailable", "Down.");
  }
  usage.Put(request);
  co_return absl::OkStatus();
}

FakeMedia::FakeMedia(rpc::Host& host) {
  using Methods = md::Media::AsyncService;
  host.Serve<md::Media>(*this)
      .Unary(&Methods::RequestStartCall, &FakeMedia::StartCall)
      .Unary(&Methods::RequestConfigureNumber, &FakeMedia::ConfigureNumber)
      .Unary(&Methods::RequestEndCall, &FakeMedia::EndCall)
      .Unary(&Methods::RequestSettleCall, &FakeMedia::SettleCall);
}

Task<absl::Status> FakeMedia::StartCall(const rpc::CallContext&,
                                        const md::StartCallRequest& request,
                                        md::StartCallResponse& response) {
  started.Put(request);
  if (request.spec().direction() == type::v1::CALL_DIRECTION_INBOUND) {
    response.set_stream_url("wss://media.example/m/m/" + request.spec().call_id());
  }
  co_return absl::OkStatus();
}

Task<absl::Status> FakeMedia::ConfigureNumber(const rpc::CallContext&,
                                              const md::ConfigureNumberRequest& request,
                                              md::ConfigureNumberResponse&) {
  configured.Put(request);
  co_return absl::OkStatus();
}

Task<absl::Status> FakeMedia::EndCall(const rpc::CallContext&, const md::EndCallRequest& request,
                                      md::EndCallResponse&) {
  ended.Put(request);
  co_return absl::OkStatus();
}

Task<absl::Status> FakeMedia::SettleCall(const rpc::CallContext&,
                                         const md::SettleCallRequest& request,
                                         md::SettleCallResponse&) {
  v1::CompleteCallRequest outcome;
  outcome.set_call_id(request.call_id());
  outcome.set_disposition(v1::DISPOSITION_COMPLETED);
  outcome.mutable_end_time()->set_seconds(request.placed_after().seconds() + 20);
  outcome.mutable_carrier_duration()->set_seconds(17);
  const rpc::CallOptions options(absl::Seconds(5));
  absl::StatusOr<v1::CompleteCallResponse> completed =
      co_await rpc::Call(*dialer, &v1::Dialer::Stub::PrepareAsyncCompleteCall, outcome, options);
  settled.Put(request);
  co_return completed.status();
}

}  // namespace latchkey::dialer
