#include "bench/load/peers.h"

#include "absl/time/clock.h"
#include "lib/secret/sealed_box.h"

namespace latchkey::bench {
namespace {

namespace kv = keyvault::v1;
namespace orch = orchestrator::v1;
namespace dial = dialer::v1;

constexpr absl::Duration kLease = absl::Minutes(3);
constexpr int kLargeRequest = 4 << 20;

struct FieldValue {
  type::v1::Provider provider;
  const char* name;
  const char* value;
};

// Keys that only the load run's own providers ever see.
constexpr FieldValue kFields[] = {
    {type::v1::PROVIDER_ANTHROPIC, "api_key", "sk-ant-api03-load-run"},
    {type::v1::PROVIDER_CARTESIA, "api_key", "sk_car_load_run"},
    {type::v1::PROVIDER_DEEPGRAM, "api_key", "0123456789012345678901234567890123456789"},
    {type::v1::PROVIDER_OPENAI, "api_key", "sk-proj-load-run"},
    {type::v1::PROVIDER_TWILIO, "account_sid", "AC00000000000000000000000000000001"},
    {type::v1::PROVIDER_TWILIO, "auth_token", "00000000000000000000000000000001"},
};

rpc::HostOptions Options(const char* service, Pki& pki) {
  rpc::HostOptions options;
  options.service = service;
  options.max_receive_bytes = kLargeRequest;
  options.tls = pki.ForService(service);
  return options;
}

kv::LeasedKey* FindOrAdd(kv::LeaseKeysResponse& response, const FieldValue& field,
                         const type::v1::CallTicket& ticket) {
  for (kv::LeasedKey& key : *response.mutable_keys()) {
    if (key.provider() == field.provider) return &key;
  }
  kv::LeasedKey& key = *response.add_keys();
  key.set_provider(field.provider);
  key.set_lease_id("lease_" + ticket.call_id() + std::to_string(field.provider));
  key.mutable_scope()->set_tenant_id(ticket.tenant_id());
  key.set_key_version(1);
  key.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + kLease));
  return &key;
}

}  // namespace

Task<absl::Status> FakeDialer::Heartbeat(const rpc::CallContext&, const dial::HeartbeatRequest&,
                                         dial::HeartbeatResponse&) {
  alive = true;
  co_return absl::OkStatus();
}

Task<absl::Status> FakeDialer::ReportCarrierEvent(const rpc::CallContext&,
                                                  const dial::ReportCarrierEventRequest&,
                                                  dial::ReportCarrierEventResponse& response) {
  response.set_state(dial::CALL_STATE_ANSWERED);
  co_return absl::OkStatus();
}

Task<absl::Status> FakeDialer::ReportProgress(const rpc::CallContext&,
                                              const dial::ReportProgressRequest&,
                                              dial::ReportProgressResponse&) {
  co_return absl::OkStatus();
}

Task<absl::Status> FakeDialer::CompleteCall(const rpc::CallContext&,
                                            const dial::CompleteCallRequest&,
                                            dial::CompleteCallResponse&) {
  ++completed;
  co_return absl::OkStatus();
}

Task<absl::Status> FakeKeyVault::LeaseKeys(const rpc::CallContext& context,
                                           const kv::LeaseKeysRequest& request,
                                           kv::LeaseKeysResponse& response) {
  type::v1::CallTicket ticket;
  if (!ticket.ParseFromString(request.ticket().ticket())) {
    co_return absl::InvalidArgumentError("not a ticket");
  }
  const absl::StatusOr<secret::BoxPublicKey> receiver =
      secret::BoxPublicKey::Parse(request.public_key());
  if (!receiver.ok()) co_return receiver.status();
  for (const FieldValue& field : kFields) {
    kv::LeasedKey& key = *FindOrAdd(response, field, ticket);
    secret::LeaseTerms terms;
    terms.lease_id = key.lease_id();
    terms.tenant_id = ticket.tenant_id();
    terms.provider = field.provider;
    terms.call_id = ticket.call_id();
    terms.caller = "spiffe://latchkey/media/" + std::string(context.caller().instance);
    terms.expire_time = absl::FromUnixSeconds(key.expire_time().seconds());
    terms.key_version = 1;
    absl::StatusOr<std::string> sealed = secret::SealedBox::Seal(
        *receiver, Secret(field.value), secret::BindLease(terms, field.name));
    if (!sealed.ok()) co_return sealed.status();
    type::v1::SealedField& out = *key.add_fields();
    out.set_name(field.name);
    out.set_sealed(*std::move(sealed));
  }
  co_return absl::OkStatus();
}

Task<absl::Status> FakeKeyVault::RenewLeases(const rpc::CallContext&,
                                             const kv::RenewLeasesRequest& request,
                                             kv::RenewLeasesResponse& response) {
  for (const std::string& lease : request.lease_ids()) {
    kv::RenewedLease& renewed = *response.add_leases();
    renewed.set_lease_id(lease);
    renewed.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + kLease));
  }
  co_return absl::OkStatus();
}

Task<absl::Status> FakeKeyVault::ReleaseLease(const rpc::CallContext&,
                                              const kv::ReleaseLeaseRequest&,
                                              kv::ReleaseLeaseResponse&) {
  co_return absl::OkStatus();
}

Task<absl::Status> FakeOrchestrator::AppendCallEvents(const rpc::CallContext&,
                                                      const orch::AppendCallEventsRequest& request,
                                                      orch::AppendCallEventsResponse&) {
  for (const orch::CallEvent& event : request.events()) {
    if (event.has_trouble()) ++troubles;
  }
  co_return absl::OkStatus();
}

PeerServices::PeerServices(Pki& pki)
    : dialer_host_(Options("dialer", pki)),
      keyvault_host_(Options("keyvault", pki)),
      orchestrator_host_(Options("orchestrator", pki)) {
  ServeDialer();
  ServeKeyVault();
  ServeOrchestrator();
  dialer_run_ = std::make_unique<RunningHost>(dialer_host_);
  keyvault_run_ = std::make_unique<RunningHost>(keyvault_host_);
  orchestrator_run_ = std::make_unique<RunningHost>(orchestrator_host_);
}

void PeerServices::ServeDialer() {
  using D = dial::Dialer::AsyncService;
  auto served = dialer_host_.Serve<dial::Dialer>(dialer);
  served.Unary(&D::RequestHeartbeat, &FakeDialer::Heartbeat)
      .Unary(&D::RequestReportCarrierEvent, &FakeDialer::ReportCarrierEvent)
      .Unary(&D::RequestReportProgress, &FakeDialer::ReportProgress)
      .Unary(&D::RequestCompleteCall, &FakeDialer::CompleteCall);
  RefuseAll(served.With(unused_), &D::RequestPlaceCall, &D::RequestAdmitInbound,
            &D::RequestConfigureNumber, &D::RequestEndCall, &D::RequestGetCall,
            &D::RequestListCalls, &D::RequestAddDnc, &D::RequestRemoveDnc);
}

void PeerServices::ServeKeyVault() {
  using K = kv::KeyVault::AsyncService;
  auto served = keyvault_host_.Serve<kv::KeyVault>(keyvault);
  served.Unary(&K::RequestLeaseKeys, &FakeKeyVault::LeaseKeys)
      .Unary(&K::RequestRenewLeases, &FakeKeyVault::RenewLeases)
      .Unary(&K::RequestReleaseLease, &FakeKeyVault::ReleaseLease);
  RefuseAll(served.With(unused_), &K::RequestGetIntakeKey, &K::RequestPutKey,
            &K::RequestPutNumberKeys, &K::RequestTestKey, &K::RequestDeleteKey, &K::RequestListKeys,
            &K::RequestRevalidate, &K::RequestSwitchVersion, &K::RequestWatchRevocations,
            &K::RequestRevokeAll, &K::RequestRewrap, &K::RequestRetireRootKey,
            &K::RequestShredTenant, &K::RequestListAudit, &K::RequestVerifyAudit, &K::RequestFreeze,
            &K::RequestUnfreeze, &K::RequestSetSigningSecret, &K::RequestSign,
            &K::RequestVerifyCarrierSignature);
}

void PeerServices::ServeOrchestrator() {
  using O = orch::Orchestrator::AsyncService;
  auto served = orchestrator_host_.Serve<orch::Orchestrator>(orchestrator);
  served.Unary(&O::RequestAppendCallEvents, &FakeOrchestrator::AppendCallEvents);
  RefuseAll(served.With(unused_), &O::RequestCreateTenant, &O::RequestUpdateTenant,
            &O::RequestCreateApiKey, &O::RequestRevokeApiKey, &O::RequestAuthenticate,
            &O::RequestCreateNumber, &O::RequestUpdateNumber, &O::RequestGetNumber,
            &O::RequestAdmitNumberKeys, &O::RequestListNumbers, &O::RequestFindNumber,
            &O::RequestGetOnboarding, &O::RequestSetMode, &O::RequestCompleteOnboarding,
            &O::RequestRunTool, &O::RequestWatchCall, &O::RequestGetTranscript,
            &O::RequestReadRecording, &O::RequestRecordEvent, &O::RequestListEvents);
}

}  // namespace latchkey::bench
