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
  using Self = FakeKeyVault;
  host.Serve<kv::KeyVault>(*this)
      .Unary(&Methods::RequestGetIntakeKey,
             &Self::Unary<kv::GetIntakeKeyRequest, kv::GetIntakeKeyResponse>)
      .Unary(&Methods::RequestPutKey, &Self::Unary<kv::PutKeyRequest, kv::PutKeyResponse>)
      .Unary(&Methods::RequestTestKey, &Self::Unary<kv::TestKeyRequest, kv::TestKeyResponse>)
      .Unary(&Methods::RequestDeleteKey, &Self::Unary<kv::DeleteKeyRequest, kv::DeleteKeyResponse>)
      .Unary(&Methods::RequestLeaseKeys, &Self::Unary<kv::LeaseKeysRequest, kv::LeaseKeysResponse>)
      .Unary(&Methods::RequestRenewLeases,
             &Self::Unary<kv::RenewLeasesRequest, kv::RenewLeasesResponse>)
      .Unary(&Methods::RequestReleaseLease,
             &Self::Unary<kv::ReleaseLeaseRequest, kv::ReleaseLeaseResponse>)
      .Unary(&Methods::RequestListKeys, &Self::ListKeys)
      .Unary(&Methods::RequestVerifyCarrierSignature, &Self::Verify)
      .Unary(&Methods::RequestPutNumberKeys,
             &Self::Unary<kv::PutNumberKeysRequest, kv::PutNumberKeysResponse>)
      .Unary(&Methods::RequestRevalidate,
             &Self::Unary<kv::RevalidateRequest, kv::RevalidateResponse>)
      .Unary(&Methods::RequestSwitchVersion,
             &Self::Unary<kv::SwitchVersionRequest, kv::SwitchVersionResponse>)
      .ServerStream(&Methods::RequestWatchRevocations,
                    &Self::Stream<kv::WatchRevocationsRequest, kv::WatchRevocationsResponse>)
      .Unary(&Methods::RequestRevokeAll, &Self::Unary<kv::RevokeAllRequest, kv::RevokeAllResponse>)
      .Unary(&Methods::RequestRewrap, &Self::Unary<kv::RewrapRequest, kv::RewrapResponse>)
      .Unary(&Methods::RequestRetireRootKey,
             &Self::Unary<kv::RetireRootKeyRequest, kv::RetireRootKeyResponse>)
      .Unary(&Methods::RequestShredTenant,
             &Self::Unary<kv::ShredTenantRequest, kv::ShredTenantResponse>)
      .Unary(&Methods::RequestListAudit, &Self::Unary<kv::ListAuditRequest, kv::ListAuditResponse>)
      .Unary(&Methods::RequestVerifyAudit,
             &Self::Unary<kv::VerifyAuditRequest, kv::VerifyAuditResponse>)
      .Unary(&Methods::RequestFreeze, &Self::Unary<kv::FreezeRequest, kv::FreezeResponse>)
      .Unary(&Methods::RequestUnfreeze, &Self::Unary<kv::UnfreezeRequest, kv::UnfreezeResponse>)
      .Unary(&Methods::RequestSetSigningSecret,
             &Self::Unary<kv::SetSigningSecretRequest, kv::SetSigningSecretResponse>)
      .Unary(&Methods::RequestSign, &Self::Unary<kv::SignRequest, kv::SignResponse>);
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
  using Self = FakeOrchestrator;
  host.Serve<oc::Orchestrator>(*this)
      .Unary(&Methods::RequestCreateTenant,
             &Self::Unary<oc::CreateTenantRequest, oc::CreateTenantResponse>)
      .Unary(&Methods::RequestUpdateTenant,
             &Self::Unary<oc::UpdateTenantRequest, oc::UpdateTenantResponse>)
      .Unary(&Methods::RequestCreateApiKey,
             &Self::Unary<oc::CreateApiKeyRequest, oc::CreateApiKeyResponse>)
      .Unary(&Methods::RequestRevokeApiKey,
             &Self::Unary<oc::RevokeApiKeyRequest, oc::RevokeApiKeyResponse>)
      .Unary(&Methods::RequestAuthenticate,
             &Self::Unary<oc::AuthenticateRequest, oc::AuthenticateResponse>)
      .Unary(&Methods::RequestCreateNumber,
             &Self::Unary<oc::CreateNumberRequest, oc::CreateNumberResponse>)
      .Unary(&Methods::RequestUpdateNumber,
             &Self::Unary<oc::UpdateNumberRequest, oc::UpdateNumberResponse>)
      .Unary(&Methods::RequestListNumbers,
             &Self::Unary<oc::ListNumbersRequest, oc::ListNumbersResponse>)
      .Unary(&Methods::RequestFindNumber, &Self::FindNumber)
      .Unary(&Methods::RequestGetOnboarding,
             &Self::Unary<oc::GetOnboardingRequest, oc::GetOnboardingResponse>)
      .Unary(&Methods::RequestSetMode, &Self::Unary<oc::SetModeRequest, oc::SetModeResponse>)
      .Unary(&Methods::RequestCompleteOnboarding,
             &Self::Unary<oc::CompleteOnboardingRequest, oc::CompleteOnboardingResponse>)
      .Unary(&Methods::RequestAppendCallEvents,
             &Self::Unary<oc::AppendCallEventsRequest, oc::AppendCallEventsResponse>)
      .ServerStream(&Methods::RequestWatchCall,
                    &Self::Stream<oc::WatchCallRequest, oc::WatchCallResponse>)
      .Unary(&Methods::RequestGetTranscript,
             &Self::Unary<oc::GetTranscriptRequest, oc::GetTranscriptResponse>)
      .ServerStream(&Methods::RequestReadRecording,
                    &Self::Stream<oc::ReadRecordingRequest, oc::ReadRecordingResponse>)
      .Unary(&Methods::RequestGetNumber, &Self::Unary<oc::GetNumberRequest, oc::GetNumberResponse>)
      .Unary(&Methods::RequestAdmitNumberKeys,
             &Self::Unary<oc::AdmitNumberKeysRequest, oc::AdmitNumberKeysResponse>)
      .Unary(&Methods::RequestRunTool, &Self::Unary<oc::RunToolRequest, oc::RunToolResponse>)
      .Unary(&Methods::RequestRecordEvent,
             &Self::Unary<oc::RecordEventRequest, oc::RecordEventResponse>)
      .Unary(&Methods::RequestListEvents,
             &Self::Unary<oc::ListEventsRequest, oc::ListEventsResponse>);
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
  host.Serve<bl::Billing>(*this)
      .Unary(&Methods::RequestAuthorize, &FakeBilling::Authorize)
      .Unary(&Methods::RequestRecordUsage, &FakeBilling::RecordUsage)
      .Unary(&Methods::RequestGetUsage,
             &FakeBilling::Unary<bl::GetUsageRequest, bl::GetUsageResponse>);
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
