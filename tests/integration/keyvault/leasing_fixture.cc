#include "tests/integration/keyvault/leasing_fixture.h"

#include <fmt/format.h>

#include "lib/base/spawn.h"

namespace latchkey::keyvault {

void LeasingFixture::Save(std::string_view tenant, std::string_view key) {
  ASSERT_THAT(Put(tenant, type::v1::PROVIDER_ANTHROPIC, {{"api_key", std::string(key)}},
                  fmt::format("save_{}", ++made_)),
              IsOk());
}

type::v1::CallTicket LeasingFixture::Ticket(std::string_view call, std::string_view tenant,
                                            std::string_view instance) {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  type::v1::CallTicket ticket;
  ticket.set_call_id(std::string(call));
  ticket.set_tenant_id(std::string(tenant));
  ticket.set_number_id("num_1");
  ticket.set_purpose(type::v1::TICKET_PURPOSE_CALL);
  ticket.set_media_instance(std::string(instance));
  ticket.mutable_not_before()->set_seconds(now - 5);
  ticket.mutable_expire_time()->set_seconds(now + 200);
  ticket.mutable_lease_until()->set_seconds(now + 3600);
  ticket.set_nonce(fmt::format("{:016}", ++made_));
  type::v1::KeyGrant& grant = *ticket.add_grants();
  grant.set_provider(type::v1::PROVIDER_ANTHROPIC);
  grant.mutable_scope()->set_tenant_id(std::string(tenant));
  return ticket;
}

v1::LeaseKeysRequest LeasingFixture::Signed(const type::v1::CallTicket& ticket) {
  v1::LeaseKeysRequest request;
  request.mutable_ticket()->set_ticket(ticket.SerializeAsString());
  request.mutable_ticket()->set_signature(
      dialer_.Sign(secret::kTicketLabel, request.ticket().ticket()));
  request.set_public_key(pair_.public_key().bytes());
  return request;
}

absl::StatusOr<v1::LeaseKeysResponse> LeasingFixture::Lease(const v1::LeaseKeysRequest& request,
                                                            std::string_view caller) {
  return CallAs(caller, &Stub::PrepareAsyncLeaseKeys, request);
}

absl::StatusOr<v1::LeaseKeysResponse> LeasingFixture::Lease(const type::v1::CallTicket& ticket,
                                                            std::string_view caller) {
  return Lease(Signed(ticket), caller);
}

std::vector<absl::StatusOr<v1::LeaseKeysResponse>> LeasingFixture::LeaseAtOnce(
    const std::vector<type::v1::CallTicket>& tickets) {
  std::vector<absl::StatusOr<v1::LeaseKeysResponse>> results(tickets.size());
  Group group(io_.get_executor());
  for (size_t i = 0; i < tickets.size(); ++i) {
    group.Spawn("lease", LeaseInto(Signed(tickets[i]), results[i]));
  }
  Await(io_, group.Join());
  return results;
}

Task<void> LeasingFixture::LeaseInto(v1::LeaseKeysRequest request,
                                     absl::StatusOr<v1::LeaseKeysResponse>& result) {
  const rpc::CallOptions options(absl::Seconds(60));
  result = co_await rpc::Call(ClientAs("media/m1"), &Stub::PrepareAsyncLeaseKeys, request, options);
}

absl::StatusOr<v1::RenewLeasesResponse> LeasingFixture::Renew(const v1::LeaseKeysResponse& leased,
                                                              std::string_view caller) {
  v1::RenewLeasesRequest request;
  for (const v1::LeasedKey& key : leased.keys()) request.add_lease_ids(key.lease_id());
  return CallAs(caller, &Stub::PrepareAsyncRenewLeases, request);
}

absl::StatusOr<v1::ReleaseLeaseResponse> LeasingFixture::Release(std::string_view call,
                                                                 std::string_view caller) {
  v1::ReleaseLeaseRequest request;
  request.set_call_id(std::string(call));
  return CallAs(caller, &Stub::PrepareAsyncReleaseLease, request);
}

absl::StatusOr<std::string> LeasingFixture::Opened(const v1::LeasedKey& key, std::string_view call,
                                                   std::string_view field,
                                                   std::string_view caller) {
  const secret::LeaseTerms terms{key.lease_id(),
                                 key.scope().tenant_id(),
                                 key.provider(),
                                 std::string(call),
                                 fmt::format("spiffe://latchkey/{}", caller),
                                 absl::FromUnixSeconds(key.expire_time().seconds()),
                                 key.key_version()};
  for (const type::v1::SealedField& sealed : key.fields()) {
    if (sealed.name() != field) continue;
    return pair_.OpenText(sealed.sealed(), secret::BindLease(terms, field));
  }
  return absl::NotFoundError("no such field");
}

absl::StatusOr<v1::VerifyAuditResponse> LeasingFixture::Verify(std::string_view tenant) {
  v1::VerifyAuditRequest request;
  request.set_tenant_id(std::string(tenant));
  return CallAs("ops", &Stub::PrepareAsyncVerifyAudit, request);
}

int LeasingFixture::Audited(const std::string& action, const std::string& outcome,
                            const std::string& reason) {
  return std::stoi(RunSql(
      fmt::format("SELECT coalesce(sum(count), 0) FROM keyvault.audit"
                  "  WHERE action = '{}' AND outcome = '{}' AND ('{}' = '' OR reason = '{}')",
                  action, outcome, reason, reason)));
}

}  // namespace latchkey::keyvault
