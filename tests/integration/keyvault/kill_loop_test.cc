// kill -9 of keyvault again and again, at any moment, under a load that never stops.
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/leasing_fixture.h"
#include "tests/support/seeded_random.h"

namespace latchkey::keyvault {
namespace {

constexpr int kKills = 30;

class KillLoopTest : public LeasingFixture {
 protected:
  KillLoopTest()
      : LeasingFixture({"--tenant-lease-rate=1000000", "--instance-lease-rate=1000000"}) {
    Save("tnt_a");
    StopKeyvault();
  }

  std::unique_ptr<KeyvaultProgram> Start() {
    auto program = std::make_unique<KeyvaultProgram>(Arguments(database_.service), ring_.folder());
    EXPECT_TRUE(program->AwaitServing()) << program->Log();
    Address(program->address());
    return program;
  }

  // Leases, repeats and releases until the program is gone.
  void Load(int round) {
    for (int i = 0;; ++i) {
      const std::string call = fmt::format("call_{}_{}", round, i);
      std::vector<type::v1::CallTicket> tickets(8, Ticket(call));
      for (type::v1::CallTicket& ticket : tickets) ticket.set_nonce(Ticket(call).nonce());
      for (const auto& leased : LeaseAtOnce(tickets)) {
        if (leased.ok()) continue;
        return;
      }
      if (i % 2 == 0 && !Release(call).ok()) return;
    }
  }
};

TEST_F(KillLoopTest, EveryLeaseHasItsRowAndTheChainIsWhole) {
  SeededRandom random;
  for (int round = 0; round < kKills; ++round) {
    std::unique_ptr<KeyvaultProgram> program = Start();
    const absl::Duration moment = absl::Milliseconds(static_cast<int64_t>(random.Below(500)));
    std::thread killer([&] {
      absl::SleepFor(moment);  // Any moment is the point of it.
      program->Kill();
    });
    Load(round);
    killer.join();
  }

  std::unique_ptr<KeyvaultProgram> program = Start();
  EXPECT_GT(Count("keyvault.leases"), kKills);
  EXPECT_EQ(Count("keyvault.leases l FULL JOIN (SELECT lease_id FROM keyvault.audit"
                  "  WHERE action = 'lease' AND outcome = 'done') a USING (lease_id)"
                  "  WHERE l.caller IS NULL OR a.lease_id IS NULL"),
            0);
  EXPECT_EQ(Count("keyvault.leases WHERE release_time IS NOT NULL"), Audited("release", "done"));
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

}  // namespace
}  // namespace latchkey::keyvault
