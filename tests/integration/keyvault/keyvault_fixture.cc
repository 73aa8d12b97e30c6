#include "tests/integration/keyvault/keyvault_fixture.h"

#include "lib/pg/migrate.h"
#include "migrations/keyvault.h"
#include "services/keyvault/config.h"

namespace latchkey::keyvault {

KeyvaultFixture::KeyvaultFixture() {
  const absl::StatusOr<int> applied =
      Await(io_, pg::Migrate(io_.get_executor(), {database_.owner, "keyvault"}, Migrations()));
  EXPECT_THAT(applied, IsOk());
  StartValidator();
  StartKeyvault();
}

void KeyvaultFixture::StartValidator() {
  validator_host_ = std::make_unique<rpc::Host>(
      rpc::HostOptions{.service = "validator", .tls = pki_.ForService("validator")});
  validator_host_->Serve<validator::v1::Validator>(validator_)
      .Bidi(&validator::v1::Validator::AsyncService::RequestProbe, &FakeValidator::Probe);
  validator_run_ = std::make_unique<RunningHost>(*validator_host_);
}

void KeyvaultFixture::StartKeyvault() {
  const rpc::TlsFiles tls = pki_.ForService("keyvault");
  host_ = std::make_unique<rpc::Host>(rpc::HostOptions{.service = "keyvault", .tls = tls});
  const std::vector<std::string> arguments = {
      "--pg=" + database_.service, "--validator=" + validator_run_->address(),
      "--tls-cert=" + tls.cert, "--tls-key=" + tls.key, "--tls-ca=" + tls.ca};
  const absl::StatusOr<Config> config = Config::Parse(arguments, {}, kSettings, kFlags);
  ASSERT_THAT(config, IsOk());
  KeyMaterial material{*secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test"),
                       dialer_.verifying_key()};
  service_ = std::make_unique<Service>(*config, std::move(material), *host_);
  ASSERT_THAT(service_->Prepare(), IsOk());
  run_ = std::make_unique<RunningHost>(*host_);
}

rpc::Client<v1::KeyVault>& KeyvaultFixture::ClientAs(std::string_view identity) {
  CallerOf& caller = callers_[std::string(identity)];
  if (caller.client == nullptr) {
    caller.peers = std::make_unique<rpc::Peers>(Loaded(pki_.ForService(identity)));
    caller.client =
        std::make_unique<rpc::Client<v1::KeyVault>>(*caller.peers, "keyvault", run_->address());
  }
  return *caller.client;
}

v1::Candidate KeyvaultFixture::Seal(std::string_view tenant, type::v1::Provider provider,
                                    const std::map<std::string, std::string>& fields) {
  const absl::StatusOr<v1::GetIntakeKeyResponse> intake =
      CallAs("gateway", &Stub::PrepareAsyncGetIntakeKey, v1::GetIntakeKeyRequest());
  EXPECT_THAT(intake, IsOk());
  const secret::BoxPublicKey key = *secret::BoxPublicKey::Parse(intake->public_key());
  v1::Candidate candidate;
  candidate.set_intake_key_id(intake->intake_key_id());
  for (const auto& [name, value] : fields) {
    type::v1::SealedField& field = *candidate.add_fields();
    field.set_name(name);
    field.set_sealed(*secret::SealedBox::Seal(key, Secret(std::string_view(value)),
                                              secret::BindCandidate(tenant, "", provider, name)));
  }
  return candidate;
}

absl::StatusOr<v1::PutKeyResponse> KeyvaultFixture::Put(
    std::string_view tenant, type::v1::Provider provider,
    const std::map<std::string, std::string>& fields, std::string_view request_id) {
  v1::PutKeyRequest request;
  request.set_request_id(std::string(request_id));
  request.mutable_scope()->set_tenant_id(std::string(tenant));
  request.set_provider(provider);
  *request.mutable_candidate() = Seal(tenant, provider, fields);
  return CallAs("gateway", &Stub::PrepareAsyncPutKey, request);
}

}  // namespace latchkey::keyvault
