// Keys on their way in, and what may be told about them.
#include "lib/base/metrics.h"
#include "tests/integration/keyvault/keyvault_fixture.h"
#include "tests/support/caller_matrix.h"
#include "tests/support/keyvault/sample_keys.h"

namespace latchkey::keyvault {
namespace {

using testing::HasSubstr;
using testing::Not;
using type::v1::PROVIDER_ANTHROPIC;
using type::v1::PROVIDER_TWILIO;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class PutKeyTest : public KeyvaultFixture {
 protected:
  absl::StatusOr<v1::ListKeysResponse> List() {
    v1::ListKeysRequest request;
    request.set_tenant_id("tnt_a");
    return CallAs("orchestrator", &Stub::PrepareAsyncListKeys, request);
  }

  absl::StatusOr<v1::PutKeyResponse> PutAnthropic(const std::string& key,
                                                  std::string_view request_id) {
    return Put("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", key}}, request_id);
  }
};

TEST_F(PutKeyTest, AKeyThatPassesIsStoredAndListed) {
  const absl::StatusOr<v1::PutKeyResponse> put = PutAnthropic(std::string(kAnthropicKey), "r1");

  ASSERT_THAT(put, IsOk());
  EXPECT_EQ(put->key().preview(), "sk-ant-...xy12");
  EXPECT_EQ(put->key().facts().call_ceiling(), 25);
  const absl::StatusOr<v1::ListKeysResponse> listed = List();
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->keys_size(), 1);
  EXPECT_EQ(listed->keys(0).key_id(), put->key().key_id());
  EXPECT_EQ(listed->keys(0).status(), v1::KEY_STATUS_VALID);
  EXPECT_GT(listed->keys(0).validate_time().seconds(), 0);
}

TEST_F(PutKeyTest, ARejectedKeyIsNotStoredAndTheReasonIsTold) {
  const absl::StatusOr<v1::PutKeyResponse> put = PutAnthropic("sk-ant-api03-rejected", "r1");

  EXPECT_THAT(put, StatusIs(kInvalid, "byok_key_invalid"));
  EXPECT_EQ(Metadata(put.status())["reason"], "no_credit");
  EXPECT_EQ(List()->keys_size(), 0);
}

TEST_F(PutKeyTest, ProbesAreCountedByProviderAndVerdict) {
  const auto counted = [](const char* verdict) {
    return metrics::MakeCounter("latchkey_keyvault_probes_total", "",
                                {{"provider", "anthropic"}, {"verdict", verdict}})
        .value();
  };
  const double passed = counted("passed"), rejected = counted("no_credit"),
               unreachable = counted("unreachable"), limited = counted("rate_limited");

  EXPECT_THAT(PutAnthropic(std::string(kAnthropicKey), "r1"), IsOk());
  EXPECT_FALSE(PutAnthropic("sk-ant-api03-rejected", "r2").ok());
  EXPECT_FALSE(PutAnthropic("sk-ant-api03-unreachable", "r3").ok());
  EXPECT_FALSE(PutAnthropic("sk-ant-api03-busy", "r4").ok());
  EXPECT_FALSE(PutAnthropic("not-a-key", "r5").ok()) << "nobody was asked";

  EXPECT_EQ(counted("passed"), passed + 1);
  EXPECT_EQ(counted("no_credit"), rejected + 1);
  EXPECT_EQ(counted("unreachable"), unreachable + 1);
  EXPECT_EQ(counted("rate_limited"), limited + 1);
}

TEST_F(PutKeyTest, AProviderOutOfReachIsNeverABadKey) {
  const absl::StatusOr<v1::PutKeyResponse> away = PutAnthropic("sk-ant-api03-unreachable", "r1");
  const absl::StatusOr<v1::PutKeyResponse> busy = PutAnthropic("sk-ant-api03-busy", "r2");

  EXPECT_THAT(away, StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));
  EXPECT_THAT(busy, StatusIs(absl::StatusCode::kUnavailable, "provider_rate_limited"));
  EXPECT_EQ(Metadata(busy.status())["retry_after_seconds"], "7");
  EXPECT_EQ(List()->keys_size(), 0);
}

TEST_F(PutKeyTest, AValidatorOutOfReachIsNeverABadKeyEither) {
  validator_run_.reset();

  EXPECT_THAT(PutAnthropic(std::string(kAnthropicKey), "r1"),
              StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));
}

TEST_F(PutKeyTest, TheSameRequestIsDoneOnce) {
  const absl::StatusOr<v1::PutKeyResponse> first = PutAnthropic("sk-ant-api03-one", "r1");
  const absl::StatusOr<v1::PutKeyResponse> again = PutAnthropic("sk-ant-api03-one", "r1");

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->key().version(), first->key().version());
  EXPECT_EQ(validator_.probes, 1);
}

TEST_F(PutKeyTest, ACandidateSealedForAnotherTenantDoesNotOpen) {
  v1::PutKeyRequest request;
  request.set_request_id("r1");
  request.mutable_scope()->set_tenant_id("tnt_b");
  request.set_provider(PROVIDER_ANTHROPIC);
  *request.mutable_candidate() =
      Seal("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", std::string(kAnthropicKey)}});

  EXPECT_THAT(CallAs("gateway", &Stub::PrepareAsyncPutKey, request),
              StatusIs(kInvalid, "malformed_request"));
  request.mutable_candidate()->set_intake_key_id("another");
  EXPECT_THAT(CallAs("gateway", &Stub::PrepareAsyncPutKey, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "intake_key_unknown"));
}

TEST_F(PutKeyTest, TestingStoresNothing) {
  v1::TestKeyRequest request;
  request.mutable_scope()->set_tenant_id("tnt_a");
  request.set_provider(PROVIDER_ANTHROPIC);
  *request.mutable_candidate() =
      Seal("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", std::string(kAnthropicKey)}});

  const absl::StatusOr<v1::TestKeyResponse> tested =
      CallAs("gateway", &Stub::PrepareAsyncTestKey, request);

  ASSERT_THAT(tested, IsOk());
  EXPECT_EQ(tested->facts().call_ceiling(), 25);
  EXPECT_EQ(List()->keys_size(), 0);
}

TEST_F(PutKeyTest, ADeletedKeyIsGoneAtOnce) {
  ASSERT_THAT(PutAnthropic(std::string(kAnthropicKey), "r1"), IsOk());
  v1::DeleteKeyRequest request;
  request.mutable_scope()->set_tenant_id("tnt_a");
  request.set_provider(PROVIDER_ANTHROPIC);

  EXPECT_THAT(CallAs("gateway", &Stub::PrepareAsyncDeleteKey, request), IsOk());

  EXPECT_EQ(List()->keys_size(), 0);
  EXPECT_EQ(RunSql("SELECT count(*) FROM keyvault.key_fields"), "0");
  EXPECT_THAT(CallAs("gateway", &Stub::PrepareAsyncDeleteKey, request),
              StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_F(PutKeyTest, OneKeyGoesOnManyNumbersForOneProbeOfEachModel) {
  v1::PutNumberKeysRequest request;
  request.set_request_id("r1");
  request.set_tenant_id("tnt_a");
  request.set_provider(type::v1::PROVIDER_OPENAI);
  *request.mutable_candidate() = Seal("tnt_a", type::v1::PROVIDER_OPENAI,
                                      {{"api_key", "sk-proj-0123456789-0123456789-abcdefxy12"}});
  for (const char* number : {"num_1", "num_2", "num_3"}) {
    v1::NumberTarget& target = *request.add_targets();
    target.set_number_id(number);
    target.set_model(number == std::string("num_3") ? "forbidden" : "gpt-realtime-2.1");
  }

  const auto put = CallAs("gateway", &Stub::PrepareAsyncPutNumberKeys, request);

  ASSERT_THAT(put, IsOk());
  ASSERT_EQ(put->results_size(), 3);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(put->results(i).key().preview(), "sk-proj-...xy12");
    EXPECT_EQ(put->results(i).key().scope().number_id(), request.targets(i).number_id());
  }
  EXPECT_FALSE(put->results(2).has_key());
  EXPECT_EQ(put->results(2).error(), "byok_key_invalid");
  EXPECT_EQ(put->results(2).reason(), "model_not_found");
  EXPECT_EQ(validator_.probes, 2);
  EXPECT_EQ(List()->keys_size(), 2);
}

TEST_F(PutKeyTest, TheSameRequestPutsAKeyOnANumberOnce) {
  v1::PutNumberKeysRequest request;
  request.set_request_id("r1");
  request.set_tenant_id("tnt_a");
  request.set_provider(type::v1::PROVIDER_OPENAI);
  *request.mutable_candidate() = Seal("tnt_a", type::v1::PROVIDER_OPENAI,
                                      {{"api_key", "sk-proj-0123456789-0123456789-abcdefxy12"}});
  request.add_targets()->set_number_id("num_1");
  ASSERT_THAT(CallAs("gateway", &Stub::PrepareAsyncPutNumberKeys, request), IsOk());

  const auto again = CallAs("gateway", &Stub::PrepareAsyncPutNumberKeys, request);

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->results(0).key().version(), 1);
  EXPECT_EQ(validator_.probes, 1);
}

TEST_F(PutKeyTest, ANumberThatIsNamedTwiceOrNotAtAllIsMalformed) {
  v1::PutNumberKeysRequest request;
  request.set_request_id("r1");
  request.set_tenant_id("tnt_a");
  request.set_provider(type::v1::PROVIDER_OPENAI);
  *request.mutable_candidate() = Seal("tnt_a", type::v1::PROVIDER_OPENAI, {{"api_key", "sk-1"}});

  EXPECT_THAT(CallAs("gateway", &Stub::PrepareAsyncPutNumberKeys, request),
              StatusIs(kInvalid, "malformed_request"));
  request.add_targets()->set_number_id("num_1");
  request.add_targets()->set_number_id("num_1");
  EXPECT_THAT(CallAs("gateway", &Stub::PrepareAsyncPutNumberKeys, request),
              StatusIs(kInvalid, "malformed_request"));
}

TEST_F(PutKeyTest, NoTableHoldsTheKeyInAnyForm) {
  ASSERT_THAT(PutAnthropic(std::string(kAnthropicKey), "r1"), IsOk());
  std::string everything;
  for (const char* table :
       {"tenant_keys", "keys", "key_versions", "key_fields", "saved_requests", "leases", "audit"}) {
    everything += RunSql(std::string("SELECT coalesce(string_agg(t::text, ' '), '')"
                                     " FROM keyvault.") +
                         table + " t");
  }

  const std::string middle(kAnthropicKey.substr(13, 16));
  EXPECT_THAT(everything, HasSubstr("sk-ant-...xy12"));
  EXPECT_THAT(everything, Not(HasSubstr(middle)));
  EXPECT_THAT(everything,
              Not(HasSubstr(RunSql("SELECT encode(convert_to('" + middle + "', 'UTF8'), 'hex')"))));
}

TEST_F(PutKeyTest, TheServicesRoleMayAddAuditRowsAndNotChangeThem) {
  ASSERT_THAT(PutAnthropic(std::string(kAnthropicKey), "r1"), IsOk());

  EXPECT_EQ(RunSql("SELECT has_table_privilege('keyvault', 'keyvault.audit', 'INSERT')"), "t");
  for (const char* right : {"UPDATE", "DELETE", "TRUNCATE"}) {
    EXPECT_EQ(RunSql(std::string("SELECT has_table_privilege('keyvault', 'keyvault.audit', '") +
                     right + "')"),
              "f")
        << right;
  }
  EXPECT_EQ(RunSql("SELECT actor FROM keyvault.audit WHERE action = 'save'"),
            "spiffe://latchkey/gateway");
}

TEST_F(PutKeyTest, EveryMethodIsForItsCallersOnly) {
  const google::protobuf::ServiceDescriptor& service =
      *google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          v1::KeyVault::service_full_name());

  ExpectCallersAreEnforced(pki_, "keyvault", run_->address(), service);
}

}  // namespace
}  // namespace latchkey::keyvault
