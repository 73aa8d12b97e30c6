// LeasingFixture: keyvault with keys in it, and what dialer and media do to lease them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/keyvault/keyvault_fixture.h"
#include "tests/support/keyvault/sample_keys.h"

namespace latchkey::keyvault {

class LeasingFixture : public KeyvaultFixture {
 protected:
  explicit LeasingFixture(std::vector<std::string> settings = {})
      : KeyvaultFixture(std::move(settings)) {}

  // Saves an Anthropic key of a tenant's.
  void Save(std::string_view tenant, std::string_view key = kAnthropicKey);

  // For one call of a tenant's, its Anthropic key, on m1, with a nonce of its own.
  type::v1::CallTicket Ticket(std::string_view call, std::string_view tenant = "tnt_a",
                              std::string_view instance = "m1");
  // As dialer signs it.
  v1::LeaseKeysRequest Signed(const type::v1::CallTicket& ticket);

  absl::StatusOr<v1::LeaseKeysResponse> Lease(const v1::LeaseKeysRequest& request,
                                              std::string_view caller = "media/m1");
  absl::StatusOr<v1::LeaseKeysResponse> Lease(const type::v1::CallTicket& ticket,
                                              std::string_view caller = "media/m1");
  // All of them at the same time; in their order.
  std::vector<absl::StatusOr<v1::LeaseKeysResponse>> LeaseAtOnce(
      const std::vector<type::v1::CallTicket>& tickets);
  absl::StatusOr<v1::RenewLeasesResponse> Renew(const v1::LeaseKeysResponse& leased,
                                                std::string_view caller = "media/m1");
  absl::StatusOr<v1::ReleaseLeaseResponse> Release(std::string_view call,
                                                   std::string_view caller = "media/m1");
  // What media does with an answer.
  absl::StatusOr<std::string> Opened(const v1::LeasedKey& key, std::string_view call,
                                     std::string_view field = "api_key",
                                     std::string_view caller = "media/m1");

  absl::StatusOr<v1::VerifyAuditResponse> Verify(std::string_view tenant);
  // How often it was done or refused, in rows and in their counts.
  int Audited(const std::string& action, const std::string& outcome,
              const std::string& reason = "");

  secret::BoxKeyPair pair_ = secret::BoxKeyPair::Make();

 private:
  Task<void> LeaseInto(v1::LeaseKeysRequest request, absl::StatusOr<v1::LeaseKeysResponse>& result);

  int made_ = 0;
};

}  // namespace latchkey::keyvault
