// Postgres answers nothing for ten seconds: requests end in time, and all goes on afterwards.
#include "tests/integration/keyvault/leasing_fixture.h"
#include "tests/support/postgres_proxy.h"

namespace latchkey::keyvault {
namespace {

class SlowPostgresTest : public LeasingFixture {
 protected:
  SlowPostgresTest() {
    Save("tnt_a");
    StopKeyvault();
    StartKeyvault(proxy_.conninfo());
  }

  PostgresProxy proxy_{database_.service};
};

TEST_F(SlowPostgresTest, TenSecondsWithoutAnAnswerCostNoLease) {
  const absl::StatusOr<v1::LeaseKeysResponse> held = Lease(Ticket("call_1"));
  ASSERT_THAT(held, IsOk());
  const type::v1::CallTicket waiting = Ticket("call_2");
  const absl::Time begin = absl::Now();
  proxy_.Freeze();

  const absl::StatusOr<v1::LeaseKeysResponse> refused = Lease(waiting);
  EXPECT_THAT(refused, testing::AnyOf(StatusIs(absl::StatusCode::kUnavailable),
                                      StatusIs(absl::StatusCode::kDeadlineExceeded)));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(15));
  ASSERT_TRUE(Eventually([&] { return absl::Now() - begin >= absl::Seconds(10); }));
  proxy_.Go();

  // Whether it was done then or is done now, the same ticket has one lease.
  ASSERT_TRUE(Eventually([&] { return Lease(waiting).ok(); }));
  EXPECT_EQ(Count("keyvault.leases WHERE call_id = 'call_2'"), 1);
  EXPECT_EQ(Renew(*held)->leases_size(), 1);
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

}  // namespace
}  // namespace latchkey::keyvault
