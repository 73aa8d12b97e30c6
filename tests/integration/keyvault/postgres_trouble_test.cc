// Postgres goes, comes, is full: no key leaves that is not written down, and all goes on
// afterwards.
#include <fmt/format.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>

#include "tests/integration/keyvault/leasing_fixture.h"

namespace latchkey::keyvault {
namespace {

class PostgresTroubleTest : public LeasingFixture {
 protected:
  PostgresTroubleTest() { Save("tnt_a"); }

  bool Leases() { return Lease(Ticket("call_" + std::to_string(++calls_))).ok(); }

  int calls_ = 0;
};

TEST_F(PostgresTroubleTest, AKilledPostgresCostsNoLeaseAndNoKey) {
  if (!cluster_.restartable()) GTEST_SKIP() << "the cluster is somebody else's";
  const type::v1::CallTicket ticket = Ticket("call_1");
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(ticket);
  ASSERT_THAT(leased, IsOk());

  cluster_.Kill();
  const type::v1::CallTicket meanwhile = Ticket("call_2");
  EXPECT_THAT(Lease(meanwhile), StatusIs(absl::StatusCode::kUnavailable, "postgres_unavailable"));
  cluster_.Start();

  ASSERT_TRUE(Eventually([&] { return Lease(meanwhile).ok(); }));
  EXPECT_EQ(Renew(*leased)->leases_size(), 1);
  EXPECT_EQ(Lease(ticket)->keys(0).lease_id(), leased->keys(0).lease_id());
  EXPECT_EQ(Count("keyvault.leases"), 2);
  EXPECT_EQ(Audited("lease", "done"), 2);
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

// A file system of 32 MiB that holds the audit table alone.
class FullDiskTest : public PostgresTroubleTest {
 protected:
  ~FullDiskTest() override {
    if (!mounted_) return;
    RunSql("ALTER TABLE keyvault.audit SET TABLESPACE pg_default");
    RunSql("DROP TABLESPACE small_disk");
    umount2(folder_.c_str(), MNT_DETACH);
  }

  // False: this process may not mount.
  bool MoveAuditToASmallDisk() {
    if (!cluster_.restartable()) return false;
    std::filesystem::create_directory(folder_);
    if (mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=32m,mode=0777") != 0) return false;
    mounted_ = true;
    const std::string place = folder_ + "/table";
    std::filesystem::create_directory(place);
    EXPECT_EQ(std::system(("chown postgres " + place).c_str()), 0);
    EXPECT_EQ(std::system(("chmod 0711 " + ring_.folder()).c_str()), 0);
    RunSql(fmt::format("CREATE TABLESPACE small_disk LOCATION '{}'", place));
    RunSql("ALTER TABLE keyvault.audit SET TABLESPACE small_disk");
    return true;
  }

  // Every byte that the file system has left.
  void Fill() {
    std::ofstream file(folder_ + "/filler");
    const std::string chunk(4096, 'x');
    while (file.write(chunk.data(), 4096).flush()) {
    }
  }

  std::string folder_ = ring_.folder() + "/disk";
  bool mounted_ = false;
};

TEST_F(FullDiskTest, WhenTheAuditsDiskIsFullNothingIsLeased) {
  if (!MoveAuditToASmallDisk()) GTEST_SKIP() << "it takes root, and a cluster of our own, to mount";
  ASSERT_TRUE(Leases());
  Fill();

  // The pages that are there have room for some more rows.
  absl::StatusOr<v1::LeaseKeysResponse> refused;
  for (int i = 0; i < 1000; ++i) {
    refused = Lease(Ticket("call_full_" + std::to_string(i)));
    if (!refused.ok()) break;
  }

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable, "postgres_unavailable"));
  const int leases = Count("keyvault.leases");
  EXPECT_EQ(leases, Audited("lease", "done"));
  EXPECT_FALSE(Leases());
  std::filesystem::remove(folder_ + "/filler");
  EXPECT_TRUE(Leases());
  EXPECT_EQ(Count("keyvault.leases"), leases + 1);
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

}  // namespace
}  // namespace latchkey::keyvault
