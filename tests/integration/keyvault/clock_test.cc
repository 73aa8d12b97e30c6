// The clock of keyvault's machine jumps by an hour: leases live by the database's clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/pg/migrate.h"
#include "lib/pg/pool.h"
#include "migrations/keyvault.h"
#include "services/keyvault/adapters/postgres_audit_log.h"
#include "services/keyvault/adapters/postgres_freeze_store.h"
#include "services/keyvault/adapters/postgres_key_store.h"
#include "services/keyvault/adapters/postgres_lease_store.h"
#include "services/keyvault/domain/leases.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/fake_audit_log.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::SizeIs;

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr absl::Duration kTtl = absl::Seconds(180);

// The domain on real Postgres, with a clock that a test moves. It starts at the database's time.
class ClockTest : public testing::Test {
 protected:
  ClockTest() {
    EXPECT_THAT(
        Await(io_, pg::Migrate(io_.get_executor(), {database_.owner, "keyvault"}, Migrations())),
        IsOk());
    Jump(DatabaseTime() - clock_.Now());
    const std::string tenant_key =
        *Await(io_, keys_.EnsureTenantKey(slot_.tenant, envelope_.MakeTenantKey("tnt_a")));
    const NewVersion version =
        SealVersion(envelope_, tenant_key, InfoOf(slot_, "key_1", 1), "sk-ant-first", "r1");
    EXPECT_THAT(Await(io_, keys_.Save(version, Actor("spiffe://latchkey/gateway"))), IsOk());
  }

  void Jump(absl::Duration by) { clock_.Advance(by); }

  absl::Time DatabaseTime() {
    return absl::FromUnixSeconds(std::stoll(cluster_.Run(
        database_.superuser, "SELECT floor(extract(epoch FROM clock_timestamp()))::bigint")));
  }

  absl::StatusOr<std::vector<LeasedKey>> Lease(const Ticket& ticket) {
    return Await(io_, leases_.Lease(ticket, m1_, pair_.public_key()));
  }

  static pg::PoolOptions OptionsFor(const TestDatabase& database) {
    pg::PoolOptions options;
    options.conninfo = database.service;
    options.schema = "keyvault";
    return options;
  }

  PostgresCluster& cluster_ = PostgresCluster::Shared();
  TestDatabase database_ = cluster_.MakeDatabase("keyvault");
  boost::asio::io_context io_{1};
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  AuditChain chain_{ring_};
  SimulatedClock clock_;
  SeededRandom random_;
  pg::Pool pool_{io_.get_executor(), OptionsFor(database_)};
  PostgresKeyStore keys_{pool_, chain_};
  PostgresLeaseStore rows_{pool_, chain_};
  PostgresAuditLog log_{pool_, chain_};
  PostgresFreezeStore frozen_{pool_, chain_};
  FakeLeaseAlarm alarm_;
  DenialLog denials_{log_, clock_};
  LeaseGuard guard_{denials_, frozen_, alarm_, clock_, LeaseLimitOptions(), 20};
  Leases leases_{envelope_, rows_, log_, guard_, clock_, random_, kTtl};
  KeySlot slot_ = SlotOf("tnt_a", Provider::kAnthropic);
  Presenter m1_{"m1", "spiffe://latchkey/media/m1"};
  secret::BoxKeyPair pair_ = secret::BoxKeyPair::Make();
};

TEST_F(ClockTest, AClockThatJumpsAheadEndsNoLeaseAndMakesNoneLonger) {
  const Ticket ticket = TicketFor({slot_}, clock_.Now());
  const absl::StatusOr<std::vector<LeasedKey>> held = Lease(ticket);
  ASSERT_THAT(held, IsOkAndHolds(SizeIs(1)));

  Jump(absl::Hours(1));

  const absl::StatusOr<std::vector<Renewal>> renewed =
      Await(io_, leases_.Renew(m1_, {held->at(0).lease}));
  ASSERT_THAT(renewed, IsOkAndHolds(SizeIs(1)));
  EXPECT_LE(renewed->at(0).expire_time, DatabaseTime() + kTtl + absl::Seconds(1));
  EXPECT_GT(renewed->at(0).expire_time, DatabaseTime() + kTtl - absl::Seconds(30));
  EXPECT_THAT(Lease(ticket), StatusIs(kDenied, "ticket_expired")) << "tickets are dialer's clock";

  Jump(-absl::Hours(1));
  EXPECT_EQ(Lease(ticket)->at(0).lease, held->at(0).lease) << "nothing was lost";
}

TEST_F(ClockTest, AClockThatJumpsBackRevivesNothing) {
  const Ticket ticket = TicketFor({slot_}, clock_.Now());
  const absl::StatusOr<std::vector<LeasedKey>> held = Lease(ticket);
  ASSERT_THAT(held, IsOkAndHolds(SizeIs(1)));
  cluster_.Run(database_.superuser,
               "UPDATE keyvault.leases SET expire_time = now() - interval '1 second'");

  Jump(-absl::Hours(1));

  EXPECT_THAT(Await(io_, leases_.Renew(m1_, {held->at(0).lease})), IsOkAndHolds(SizeIs(0)));
  EXPECT_THAT(Lease(TicketFor({slot_}, clock_.Now() + absl::Hours(1), "call_2", 'x')),
              StatusIs(kDenied, "ticket_expired"));
  Jump(absl::Hours(1));
  EXPECT_THAT(Lease(ticket), StatusIs(kDenied, "ticket_expired"));
}

TEST_F(ClockTest, TheAuditIsDatedByTheDatabase) {
  ASSERT_THAT(Lease(TicketFor({slot_}, clock_.Now())), IsOk());
  Jump(absl::Hours(1));
  ASSERT_THAT(Lease(TicketFor({slot_}, clock_.Now(), "call_2", 'x')), IsOk());

  EXPECT_EQ(cluster_.Run(database_.superuser,
                         "SELECT count(*) FROM keyvault.audit"
                         "  WHERE time BETWEEN now() - interval '1 minute' AND now()"),
            "3");
}

}  // namespace
}  // namespace latchkey::keyvault
