#include "bench/load/lease_fleet.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "absl/time/clock.h"
#include "bench/load/key_seed.h"
#include "lib/base/check.h"
#include "lib/base/error.h"
#include "tests/support/pki.h"

namespace latchkey::bench {
namespace {

using keyvault::v1::KeyVault;
using keyvault::v1::LeaseKeysRequest;
using keyvault::v1::LeaseKeysResponse;

constexpr absl::Duration kDeadline = absl::Seconds(10);
constexpr int kOpenedEvery = 64;
constexpr int kTenantStride = 7919;  // A prime: neighbours in time are not neighbours in tables.

rpc::TlsFiles FilesOf(const std::string& folder, const std::string& name) {
  return {fmt::format("{}/media-{}.pem", folder, name),
          fmt::format("{}/media-{}.key", folder, name), folder + "/ca.pem"};
}

absl::Status Wrong(std::string_view what) { return absl::InternalError(std::string(what)); }

absl::Status CheckKey(const keyvault::v1::LeasedKey& key, const LeaseKeysRequest& request,
                      int tenant, const secret::BoxKeyPair& pair) {
  type::v1::CallTicket ticket;
  Check(ticket.ParseFromString(request.ticket().ticket()), "a ticket of our own");
  const secret::LeaseTerms terms{key.lease_id(),
                                 key.scope().tenant_id(),
                                 key.provider(),
                                 ticket.call_id(),
                                 "spiffe://latchkey/media/" + ticket.media_instance(),
                                 absl::FromUnixSeconds(key.expire_time().seconds()),
                                 key.key_version()};
  const std::map<std::string, std::string> expected = SeedFields(tenant, key.provider());
  if (static_cast<size_t>(key.fields_size()) != expected.size()) return Wrong("a field is missing");
  for (const type::v1::SealedField& field : key.fields()) {
    const absl::StatusOr<std::string> opened =
        pair.OpenText(field.sealed(), secret::BindLease(terms, field.name()));
    if (!opened.ok()) return opened.status();
    if (*opened != expected.at(field.name())) return Wrong("a key is another one");
  }
  return absl::OkStatus();
}

absl::Status CheckAnswer(const LeaseKeysResponse& answer, const LeaseKeysRequest& request,
                         int tenant, const secret::BoxKeyPair& pair) {
  if (answer.keys_size() != kKeysPerTenant) return Wrong("a key is missing");
  for (const keyvault::v1::LeasedKey& key : answer.keys()) {
    absl::Status right = CheckKey(key, request, tenant, pair);
    if (!right.ok()) return right;
  }
  return absl::OkStatus();
}

}  // namespace

LeasingInstance::LeasingInstance(const std::string& tls_folder, std::string its_name,
                                 std::string_view expected, const std::string& address)
    : name(std::move(its_name)),
      peers(Loaded(FilesOf(tls_folder, name))),
      client(peers, expected, address) {}

LeaseFleet::LeaseFleet(const std::string& tls_folder, std::string_view expected,
                       const std::string& address, const secret::SigningKey& dialer, int tenants)
    : dialer_(dialer), tenants_(tenants) {
  for (int i = 1; i <= kInstances; ++i) {
    instances_.push_back(
        std::make_unique<LeasingInstance>(tls_folder, fmt::format("m{}", i), expected, address));
  }
}

LeaseKeysRequest LeaseFleet::RequestFor(int tenant, const LeasingInstance& instance,
                                        const secret::BoxKeyPair& pair) {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const int number = ++tickets_;
  type::v1::CallTicket ticket;
  ticket.set_call_id(fmt::format("call_load{}", number));
  ticket.set_tenant_id(SeedTenant(tenant));
  ticket.set_number_id("num_load");
  ticket.set_purpose(type::v1::TICKET_PURPOSE_CALL);
  ticket.set_media_instance(instance.name);
  ticket.mutable_not_before()->set_seconds(now - 5);
  ticket.mutable_expire_time()->set_seconds(now + 240);
  ticket.mutable_lease_until()->set_seconds(now + 3600);
  std::string nonce(16, '\0');
  std::memcpy(nonce.data(), &number, sizeof(number));
  ticket.set_nonce(nonce);
  for (const int provider : kSeedProviders) {
    type::v1::KeyGrant& grant = *ticket.add_grants();
    grant.set_provider(static_cast<type::v1::Provider>(provider));
    grant.mutable_scope()->set_tenant_id(ticket.tenant_id());
  }
  LeaseKeysRequest request;
  request.mutable_ticket()->set_ticket(ticket.SerializeAsString());
  request.mutable_ticket()->set_signature(
      dialer_.Sign(secret::kTicketLabel, request.ticket().ticket()));
  request.set_public_key(pair.public_key().bytes());
  return request;
}

Task<absl::Status> LeaseFleet::LeaseOnce() {
  const int tenant = static_cast<int>((int64_t{kTenantStride} * calls_) % tenants_);
  LeasingInstance& instance = Next();
  const bool opened = calls_ % kOpenedEvery == 0;
  const secret::BoxKeyPair pair = secret::BoxKeyPair::Make();
  const LeaseKeysRequest request = RequestFor(tenant, instance, pair);
  const rpc::CallOptions options(kDeadline);
  const absl::StatusOr<LeaseKeysResponse> answer =
      co_await rpc::Call(instance.client, &KeyVault::Stub::PrepareAsyncLeaseKeys, request, options);
  if (!answer.ok()) co_return answer.status();
  if (opened) co_return CheckAnswer(*answer, request, tenant, pair);
  if (answer->keys_size() != kKeysPerTenant) co_return Wrong("a key is missing");
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<std::string>>> LeaseFleet::Lease(int tenant) {
  LeasingInstance& instance = Next();
  const secret::BoxKeyPair pair = secret::BoxKeyPair::Make();
  const LeaseKeysRequest request = RequestFor(tenant, instance, pair);
  rpc::CallOptions options(kDeadline);
  options.wait_for_ready = true;
  const absl::StatusOr<LeaseKeysResponse> answer =
      co_await rpc::Call(instance.client, &KeyVault::Stub::PrepareAsyncLeaseKeys, request, options);
  if (!answer.ok()) co_return answer.status();
  absl::Status right = CheckAnswer(*answer, request, tenant, pair);
  if (!right.ok()) co_return right;
  std::vector<std::string> ids;
  for (const keyvault::v1::LeasedKey& key : answer->keys()) ids.push_back(key.lease_id());
  co_return ids;
}

Task<absl::Status> LeaseFleet::EchoOnce() {
  LeasingInstance& instance = Next();
  const secret::BoxKeyPair pair = secret::BoxKeyPair::Make();
  const LeaseKeysRequest request = RequestFor(0, instance, pair);
  rpc::CallOptions options(kDeadline);
  options.wait_for_ready = true;
  const absl::StatusOr<LeaseKeysResponse> answer =
      co_await rpc::Call(instance.client, &KeyVault::Stub::PrepareAsyncLeaseKeys, request, options);
  co_return answer.status();
}

}  // namespace latchkey::bench
