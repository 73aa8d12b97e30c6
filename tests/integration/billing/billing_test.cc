// Billing as it runs: its own wiring, real mTLS, real Postgres.
#include <gtest/gtest.h>

#include <optional>

#include "latchkey/billing/v1/billing.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/billing/config.h"
#include "services/billing/domain/reasons.h"
#include "services/billing/wiring.h"
#include "tests/support/await.h"
#include "tests/support/billing/billing_database.h"
#include "tests/support/caller_matrix.h"
#include "tests/support/pki.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey::billing {
namespace {

using Stub = v1::Billing::Stub;

class BillingTest : public testing::Test {
 protected:
  BillingTest()
      : files_(pki_.ForService("billing")),
        host_(rpc::HostOptions{.service = "billing", .tls = files_}),
        service_(Settings(), host_),
        running_(host_),
        dialer_(dialer_peers_, "billing", running_.address()),
        gateway_(gateway_peers_, "billing", running_.address()) {}

  Config Settings() {
    const std::vector<std::string> arguments = {"--pg=" + database_.database().service,
                                                "--tls-cert=" + files_.cert,
                                                "--tls-key=" + files_.key, "--tls-ca=" + files_.ca};
    return Config::Parse(arguments, {}, kSettings).value();
  }

  static v1::RecordUsageRequest Usage(const std::string& call, int64_t answered_s) {
    v1::RecordUsageRequest request;
    request.set_call_id(call);
    request.set_tenant_id("tnt_a");
    request.set_number_id("num_a");
    request.mutable_answered_duration()->set_seconds(answered_s);
    request.mutable_rate()->set_rate_id("free-bundled-usd");
    request.mutable_rate()->mutable_per_minute()->set_currency_code("USD");
    request.mutable_rate()->mutable_per_minute()->set_micros(400'000);
    request.mutable_rate()->mutable_increment_duration()->set_seconds(1);
    request.set_mode(v1::BILLING_MODE_BUNDLED);
    request.mutable_end_time()->set_seconds(1'790'000'000 + answered_s);
    return request;
  }

  absl::StatusOr<v1::RecordUsageResponse> Record(const v1::RecordUsageRequest& request) {
    return Await(io_, rpc::Call(dialer_, &Stub::PrepareAsyncRecordUsage, request, options_));
  }
  absl::StatusOr<v1::GetUsageResponse> Get(const v1::GetUsageRequest& request) {
    return Await(io_, rpc::Call(gateway_, &Stub::PrepareAsyncGetUsage, request, options_));
  }

  boost::asio::io_context io_{1};
  BillingDatabase database_{io_};
  Pki pki_;
  rpc::TlsFiles files_;
  rpc::Host host_;
  Service service_;
  RunningHost running_;
  rpc::Peers dialer_peers_{Loaded(pki_.ForService("dialer"))};
  rpc::Peers gateway_peers_{Loaded(pki_.ForService("gateway"))};
  rpc::Client<v1::Billing> dialer_;
  rpc::Client<v1::Billing> gateway_;
  const rpc::CallOptions options_{absl::Seconds(10)};
};

TEST_F(BillingTest, ACallIsPricedAtAdmissionAndBilledOnceWhenItHasEnded) {
  v1::AuthorizeRequest ask;
  ask.set_tenant_id("tnt_a");
  ask.set_plan("free");
  ask.set_mode(v1::BILLING_MODE_BUNDLED);
  ask.set_currency_code("USD");
  const auto price = Await(io_, rpc::Call(dialer_, &Stub::PrepareAsyncAuthorize, ask, options_));
  ASSERT_THAT(price, IsOk());
  v1::RecordUsageRequest usage = Usage("call_a", 61);
  *usage.mutable_rate() = price->rate();

  const auto first = Record(usage);
  const auto again = Record(usage);

  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->usage().cost().micros(), 406'667);
  v1::GetUsageRequest get;
  get.set_tenant_id("tnt_a");
  const auto page = Get(get);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->total_calls(), 1);
  EXPECT_EQ(page->total_billed_duration().seconds(), 61);
  ASSERT_EQ(page->total_costs_size(), 1);
  EXPECT_EQ(page->total_costs(0).micros(), 406'667);
}

TEST_F(BillingTest, OtherFiguresForAMeteredCallAreRefused) {
  ASSERT_THAT(Record(Usage("call_a", 61)), IsOk());
  EXPECT_THAT(Record(Usage("call_a", 62)),
              StatusIs(absl::StatusCode::kAlreadyExists, reasons::kUsageConflict));
}

TEST_F(BillingTest, WhatWasNeverPricedSaysSo) {
  v1::AuthorizeRequest ask;
  ask.set_plan("pro");
  ask.set_mode(v1::BILLING_MODE_BUNDLED);
  ask.set_currency_code("CHF");
  EXPECT_THAT(Await(io_, rpc::Call(dialer_, &Stub::PrepareAsyncAuthorize, ask, options_)),
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kRateMissing));
}

TEST_F(BillingTest, IncompleteUsageIsRefused) {
  v1::RecordUsageRequest negative = Usage("call_a", 1);
  negative.mutable_answered_duration()->set_seconds(-1);
  v1::RecordUsageRequest priceless = Usage("call_a", 1);
  priceless.clear_rate();
  v1::RecordUsageRequest endless = Usage("call_a", 1);
  endless.clear_end_time();
  v1::RecordUsageRequest primeval = Usage("call_a", 1);
  primeval.mutable_end_time()->set_seconds(-4'000'000'000'000'000'000);
  for (const auto& request : {negative, priceless, endless, primeval}) {
    EXPECT_THAT(Record(request),
                StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  }
}

TEST_F(BillingTest, UsageOfNoTimeThatThereIsIsRefused) {
  v1::GetUsageRequest primeval;
  primeval.set_tenant_id("tnt_a");
  primeval.mutable_start_time()->set_seconds(-4'000'000'000'000);
  v1::GetUsageRequest far;
  far.set_tenant_id("tnt_a");
  far.mutable_end_time()->set_seconds(4'000'000'000'000'000'000);
  for (const auto& request : {primeval, far}) {
    EXPECT_THAT(Get(request),
                StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  }
}

TEST_F(BillingTest, UsageComesInPages) {
  for (int i = 1; i <= 3; ++i) {
    ASSERT_THAT(Record(Usage("call_" + std::to_string(i), i)), IsOk());
  }
  v1::GetUsageRequest get;
  get.set_tenant_id("tnt_a");
  get.set_page_size(2);
  const auto first = Get(get);
  ASSERT_THAT(first, IsOk());
  get.set_page_token(first->next_page_token());
  const auto second = Get(get);
  ASSERT_THAT(second, IsOk());

  EXPECT_EQ(first->events_size(), 2);
  ASSERT_EQ(second->events_size(), 1);
  EXPECT_EQ(second->events(0).call_id(), "call_3");
  EXPECT_EQ(second->next_page_token(), "");
  get.set_page_token("nonsense");
  EXPECT_THAT(Get(get), StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
}

TEST_F(BillingTest, EveryMethodLetsInExactlyTheCallersThatItNames) {
  ExpectCallersAreEnforced(pki_, "billing", running_.address(),
                           *v1::AuthorizeRequest::descriptor()->file()->service(0));
}

TEST_F(BillingTest, ItsRoleCanNeitherChangeNorRemoveWhatIsInTheBooks) {
  ASSERT_THAT(Record(Usage("call_a", 61)), IsOk());
  const std::string may = PostgresCluster::Shared().Run(
      database_.database().superuser,
      "SELECT has_table_privilege('billing', 'billing.usage_events', 'UPDATE') OR "
      "has_table_privilege('billing', 'billing.usage_events', 'DELETE')");
  EXPECT_EQ(may, "f");
}

}  // namespace
}  // namespace latchkey::billing
