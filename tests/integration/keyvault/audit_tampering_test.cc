// Somebody with all rights on the database changes the audit. VerifyAudit names the row.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "lib/secret/mac.h"
#include "services/keyvault/domain/audit_chain.h"
#include "tests/integration/keyvault/leasing_fixture.h"

namespace latchkey::keyvault {
namespace {

class AuditTamperingTest : public LeasingFixture {
 protected:
  // Row 1 is the save, rows 2 to 6 are leases; a checkpoint names the last.
  AuditTamperingTest() {
    Save("tnt_a");
    for (int i = 2; i <= 6; ++i) {
      EXPECT_THAT(Lease(Ticket("call_" + std::to_string(i))), IsOk());
    }
    AwaitCheckpoint("tnt_a", 6);
    RunSql("CREATE TABLE keyvault.good AS TABLE keyvault.audit");
  }

  void AwaitCheckpoint(const std::string& tenant, int64_t number) {
    EXPECT_TRUE(Eventually([&] { return Verify(tenant)->checkpoint_number() >= number; }))
        << "no checkpoint of row " << number;
  }

  void ExpectFault(v1::AuditFault fault, int64_t number, const std::string& what,
                   const std::string& tenant = "tnt_a") {
    const absl::StatusOr<v1::VerifyAuditResponse> verdict = Verify(tenant);
    ASSERT_THAT(verdict, IsOk()) << what;
    EXPECT_EQ(v1::AuditFault_Name(verdict->fault()), v1::AuditFault_Name(fault)) << what;
    EXPECT_EQ(verdict->fault_number(), number) << what;
  }

  // At row 6, or at one before it that had a checkpoint too: one is signed every second.
  void ExpectCheckpointDiffers(int64_t first) {
    const absl::StatusOr<v1::VerifyAuditResponse> verdict = Verify("tnt_a");
    ASSERT_THAT(verdict, IsOk());
    EXPECT_EQ(v1::AuditFault_Name(verdict->fault()), "AUDIT_FAULT_CHECKPOINT_DIFFERS");
    EXPECT_GE(verdict->fault_number(), first);
    EXPECT_LE(verdict->fault_number(), 6);
  }

  void PutBack() {
    RunSql(
        "DELETE FROM keyvault.audit;"
        "INSERT INTO keyvault.audit OVERRIDING SYSTEM VALUE SELECT * FROM keyvault.good");
    ExpectFault(v1::AUDIT_FAULT_UNSPECIFIED, 0, "put back");
  }

  // Somebody who has the root key too hashes the rows from `first` on anew.
  void HashAnew(int64_t first) {
    const secret::KeyRing ring = ring_.Load();
    const AuditChain chain(ring);
    std::string previous = absl::HexStringToBytes(HashOf(first - 1));
    for (int64_t number = first; number <= Count("keyvault.audit WHERE tenant_id = 'tnt_a'");
         ++number) {
      ChainedRow row = Read(number);
      chain.Link(row, previous);
      previous = row.hash;
      RunSql(
          fmt::format("UPDATE keyvault.audit SET hash = '\\x{}', root_key_id = '{}'"
                      "  WHERE tenant_id = 'tnt_a' AND number = {}",
                      secret::Hex(row.hash), row.root_key_id, number));
    }
  }

  std::string HashOf(int64_t number) { return Column("encode(hash, 'hex')", number); }
  std::string Column(const std::string& name, int64_t number) {
    return RunSql(
        fmt::format("SELECT {} FROM keyvault.audit WHERE tenant_id = 'tnt_a'"
                    "  AND number = {}",
                    name, number));
  }

  ChainedRow Read(int64_t number) {
    ChainedRow row;
    row.tenant = "tnt_a";
    row.number = number;
    row.time = absl::FromUnixMicros(
        std::stoll(Column("(extract(epoch FROM time) * 1000000)::bigint", number)));
    row.action = Column("action", number);
    row.outcome = Column("outcome", number);
    row.actor = Column("actor", number);
    row.number_id = Column("number_id", number);
    row.provider = std::stoll(Column("coalesce(provider, 0)", number));
    row.key = Column("key_id", number);
    row.key_version = std::stoll(Column("coalesce(key_version, 0)", number));
    row.lease = Column("lease_id", number);
    row.call = Column("call_id", number);
    row.reason = Column("reason", number);
    row.count = std::stoll(Column("count", number));
    return row;
  }
};

TEST_F(AuditTamperingTest, AChangeToAnyColumnNamesItsRow) {
  const std::pair<const char*, v1::AuditFault> changes[] = {
      {"time = time + interval '1 microsecond'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"action = 'test'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"outcome = 'refused'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"actor = 'spiffe://latchkey/media/m2'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"number_id = 'num_2'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"provider = 2", v1::AUDIT_FAULT_ROW_CHANGED},
      {"provider = NULL", v1::AUDIT_FAULT_ROW_CHANGED},
      {"key_id = 'key_1'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"key_version = 7", v1::AUDIT_FAULT_ROW_CHANGED},
      {"lease_id = 'lease_1'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"call_id = 'call_1'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"reason = 'x'", v1::AUDIT_FAULT_ROW_CHANGED},
      {"count = 2", v1::AUDIT_FAULT_ROW_CHANGED},
      {"hash = set_byte(hash, 31, get_byte(hash, 31) # 1)", v1::AUDIT_FAULT_ROW_CHANGED},
      {"root_key_id = 'another'", v1::AUDIT_FAULT_KEY_MISSING},
      {"number = NULL", v1::AUDIT_FAULT_ROW_REMOVED},
      {"tenant_id = 'tnt_b'", v1::AUDIT_FAULT_ROW_REMOVED},
  };
  for (const auto& [change, fault] : changes) {
    RunSql(fmt::format("UPDATE keyvault.audit SET {} WHERE tenant_id = 'tnt_a' AND number = 4",
                       change));
    ExpectFault(fault, 4, change);
    PutBack();
  }
}

TEST_F(AuditTamperingTest, ARemovedRowIsNamed) {
  for (const int number : {1, 3, 5}) {
    RunSql(fmt::format("DELETE FROM keyvault.audit WHERE number = {}", number));
    ExpectFault(v1::AUDIT_FAULT_ROW_REMOVED, number, "removed");
    // The gap is closed by counting anew.
    RunSql(
        fmt::format("UPDATE keyvault.audit SET number = number + 1000 WHERE number > {0};"
                    "UPDATE keyvault.audit SET number = number - 1001 WHERE number > 1000",
                    number));
    ExpectFault(v1::AUDIT_FAULT_ROW_CHANGED, number, "removed, and the gap closed");
    PutBack();
  }
}

TEST_F(AuditTamperingTest, RowsThatChangedPlacesAreNamed) {
  RunSql(
      "UPDATE keyvault.audit SET number = 1003 WHERE number = 3;"
      "UPDATE keyvault.audit SET number = 3 WHERE number = 4;"
      "UPDATE keyvault.audit SET number = 4 WHERE number = 1003");
  ExpectFault(v1::AUDIT_FAULT_ROW_CHANGED, 3, "reordered");
}

TEST_F(AuditTamperingTest, ARowThatSomebodyAddedIsNamed) {
  RunSql(
      "INSERT INTO keyvault.audit (tenant_id, number, action, outcome, actor, root_key_id, hash)"
      "  VALUES ('tnt_a', 7, 'lease', 'done', 'x', 'first', '\\x00')");
  ExpectFault(v1::AUDIT_FAULT_ROW_CHANGED, 7, "added");
}

TEST_F(AuditTamperingTest, ACutTailIsSeenByTheCheckpoint) {
  RunSql("DELETE FROM keyvault.audit WHERE number > 4");
  ExpectFault(v1::AUDIT_FAULT_TAIL_CUT, 5, "cut");
  RunSql("DELETE FROM keyvault.audit");
  ExpectFault(v1::AUDIT_FAULT_TAIL_CUT, 1, "all removed");
}

TEST_F(AuditTamperingTest, ATailThatWasCutAndHasGrownAgainIsSeenByTheCheckpointOfBefore) {
  RunSql("DELETE FROM keyvault.audit WHERE number > 4");
  for (int i = 5; i <= 8; ++i) EXPECT_THAT(Lease(Ticket("call_x" + std::to_string(i))), IsOk());
  ExpectCheckpointDiffers(5);
}

TEST_F(AuditTamperingTest, AChainThatWasWrittenAnewWithTheRootKeyIsSeenByTheCheckpoint) {
  RunSql("UPDATE keyvault.audit SET call_id = 'call_9' WHERE number = 4");
  HashAnew(4);
  ExpectCheckpointDiffers(4);
}

TEST_F(AuditTamperingTest, LinesThatSomebodyAddsToTheCheckpointsSayNothing) {
  std::ifstream before(ring_.checkpoint_file());
  std::string line;
  for (std::string next; std::getline(before, next);) {
    if (next.find("\"tnt_a\"") != std::string::npos) line = next;
  }
  ASSERT_NE(line, "");
  std::string forged = line;
  forged.replace(forged.find("\"number\":\"6\""), 12, "\"number\":\"9\"");
  std::ofstream(ring_.checkpoint_file(), std::ios::app)
      << forged << "\n{\"tenant\":\"tnt_a\"}\nnot a line of ours\n{\"tenant\":\"tnt_a";

  ExpectFault(v1::AUDIT_FAULT_UNSPECIFIED, 0, "a forged line");
  EXPECT_EQ(Verify("tnt_a")->checkpoint_number(), 6);

  // The half line is no harm to the next one.
  EXPECT_THAT(Lease(Ticket("call_7")), IsOk());
  AwaitCheckpoint("tnt_a", 7);
}

// Rows of a tenant from an hour ago, rightly chained.
class OldRowsTest : public AuditTamperingTest {
 protected:
  OldRowsTest() {
    const secret::KeyRing ring = ring_.Load();
    const AuditChain chain(ring);
    std::string previous;
    for (int64_t number = 1; number <= 4; ++number) {
      ChainedRow row;
      row.tenant = "tnt_old";
      row.number = number;
      row.time = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) - 3600 + number);
      row.action = "lease";
      row.outcome = "done";
      row.actor = "spiffe://latchkey/media/m1";
      chain.Link(row, previous);
      previous = row.hash;
      RunSql(fmt::format(
          "INSERT INTO keyvault.audit (tenant_id, number, time, action, outcome, actor,"
          "    root_key_id, hash)"
          "  VALUES ('tnt_old', {}, to_timestamp({}), 'lease', 'done',"
          "    'spiffe://latchkey/media/m1', '{}', '\\x{}')",
          number, absl::ToUnixSeconds(row.time), row.root_key_id, secret::Hex(row.hash)));
    }
  }
};

TEST_F(OldRowsTest, OldRowsWithoutACheckpointAreNamed) {
  ExpectFault(v1::AUDIT_FAULT_CHECKPOINT_MISSING, 1, "never signed", "tnt_old");

  // At its start it signs what stands there.
  StopKeyvault();
  StartKeyvault();
  AwaitCheckpoint("tnt_old", 4);
  ExpectFault(v1::AUDIT_FAULT_UNSPECIFIED, 0, "signed", "tnt_old");

  std::filesystem::remove(ring_.checkpoint_file());
  ExpectFault(v1::AUDIT_FAULT_CHECKPOINT_MISSING, 1, "lines removed", "tnt_old");
}

TEST_F(OldRowsTest, AFileOfCheckpointsThatCannotBeReadIsNotAVerdict) {
  std::filesystem::remove(ring_.checkpoint_file());
  std::filesystem::create_directory(ring_.checkpoint_file());

  EXPECT_THAT(Verify("tnt_old"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "checkpoints_unreadable"));
}

}  // namespace
}  // namespace latchkey::keyvault
