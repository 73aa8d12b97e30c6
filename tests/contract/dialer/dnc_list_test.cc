// What every DncList does: the fake and Postgres'.
#include <gtest/gtest.h>

#include <memory>

#include "services/dialer/adapters/postgres_dnc_list.h"
#include "tests/support/await.h"
#include "tests/support/dialer/dialer_database.h"
#include "tests/support/dialer/fake_dnc_list.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

class DncListTest : public testing::TestWithParam<bool> {
 protected:
  DncListTest() {
    if (!GetParam()) return;
    database_ = std::make_unique<DialerDatabase>(io_);
    postgres_ = std::make_unique<PostgresDncList>(database_->pool());
  }
  DncList& list() { return GetParam() ? static_cast<DncList&>(*postgres_) : fake_; }
  bool Contains(const TenantId& tenant, const E164& number) {
    return Await(io_, list().Contains(tenant, number)).value();
  }

  const E164 number_ = E164::Parse("+919812345678").value();
  const TenantId other_ = TenantId::Parse("tnt_other").value();
  boost::asio::io_context io_{1};
  FakeDncList fake_;
  std::unique_ptr<DialerDatabase> database_;
  std::unique_ptr<PostgresDncList> postgres_;
};

TEST_P(DncListTest, ANumberIsOnTheListOfTheTenantThatPutItThereAlone) {
  ASSERT_THAT(Await(io_, list().Add(kSampleTenant, number_)), IsOk());
  ASSERT_THAT(Await(io_, list().Add(kSampleTenant, number_)), IsOk());

  EXPECT_TRUE(Contains(kSampleTenant, number_));
  EXPECT_FALSE(Contains(other_, number_));
}

TEST_P(DncListTest, ARemovedNumberMayBeCalled) {
  ASSERT_THAT(Await(io_, list().Add(kSampleTenant, number_)), IsOk());
  ASSERT_THAT(Await(io_, list().Remove(kSampleTenant, number_)), IsOk());
  ASSERT_THAT(Await(io_, list().Remove(kSampleTenant, number_)), IsOk());

  EXPECT_FALSE(Contains(kSampleTenant, number_));
}

INSTANTIATE_TEST_SUITE_P(FakeAndPostgres, DncListTest, testing::Bool());

}  // namespace
}  // namespace latchkey::dialer
