#include "tests/integration/keyvault/keyvault_fixture.h"

#include <fstream>

#include "lib/pg/migrate.h"
#include "lib/secret/mac.h"
#include "migrations/keyvault.h"
#include "services/keyvault/config.h"

namespace latchkey::keyvault {

KeyvaultFixture::KeyvaultFixture(std::vector<std::string> settings)
    : settings_(std::move(settings)) {
  const absl::StatusOr<int> applied =
      Await(io_, pg::Migrate(io_.get_executor(), {database_.owner, "keyvault"}, Migrations()));
  EXPECT_THAT(applied, IsOk());
  std::ofstream(pki_.directory() + "/ticket.pub")
      << secret::Base64(dialer_.verifying_key().bytes());
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

std::vector<std::string> KeyvaultFixture::Arguments(const std::string& conninfo) {
  const rpc::TlsFiles tls = pki_.ForService("keyvault");
  std::vector<std::string> arguments = {
      "--pg=" + conninfo,
      "--validator=" + validator_run_->address(),
      "--tls-cert=" + tls.cert,
      "--tls-key=" + tls.key,
      "--tls-ca=" + tls.ca,
      "--key-ring-file=" + ring_.file(),
      "--ticket-public-key-file=" + pki_.directory() + "/ticket.pub",
      "--audit-checkpoints=" + ring_.checkpoints(),
      "--audit-checkpoint-interval=1s"};
  arguments.insert(arguments.end(), settings_.begin(), settings_.end());
  return arguments;
}

void KeyvaultFixture::StartKeyvault(const std::string& conninfo) {
  rpc::HostOptions options{.service = "keyvault", .tls = pki_.ForService("keyvault")};
  if (connection_age_.has_value()) {
    options.connection_age = *connection_age_;
    options.connection_grace = connection_grace_;
  }
  host_ = std::make_unique<rpc::Host>(options);
  const absl::StatusOr<Config> config = Config::Parse(Arguments(conninfo), {}, kSettings, kFlags);
  ASSERT_THAT(config, IsOk());
  absl::StatusOr<KeyMaterial> material = LoadKeyMaterial(*config);
  ASSERT_THAT(material, IsOk());
  service_ = std::make_unique<Service>(*config, *std::move(material), *host_);
  ASSERT_THAT(service_->Prepare(), IsOk());
  run_ = std::make_unique<RunningHost>(*host_);
  Address(run_->address());
}

void KeyvaultFixture::StopKeyvault() {
  run_.reset();
  service_.reset();
  host_.reset();
}

rpc::Client<v1::KeyVault>& KeyvaultFixture::ClientAs(std::string_view identity) {
  CallerOf& caller = callers_[{address_, std::string(identity)}];
  if (caller.client == nullptr) {
    caller.peers = std::make_unique<rpc::Peers>(Loaded(pki_.ForService(identity)));
    caller.client =
        std::make_unique<rpc::Client<v1::KeyVault>>(*caller.peers, "keyvault", address_);
  }
  return *caller.client;
}

v1::Candidate KeyvaultFixture::Seal(std::string_view tenant, type::v1::Provider provider,
                                    const std::map<std::string, std::string>& fields) {
  const absl::StatusOr<v1::GetIntakeKeyResponse> intake =
      CallAs("gateway", &Stub::PrepareAsyncGetIntakeKey, v1::GetIntakeKeyRequest());
  v1::Candidate candidate;
  EXPECT_THAT(intake, IsOk());
  if (!intake.ok()) return candidate;
  const secret::BoxPublicKey key = *secret::BoxPublicKey::Parse(intake->public_key());
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
