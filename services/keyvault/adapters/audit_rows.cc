#include "services/keyvault/adapters/audit_rows.h"

#include <map>

#include "lib/base/check.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kHeads{"keyvault_audit_heads", "SELECT * FROM audit_heads($1::text[])"};
constexpr pg::Statement kAppend{
    "keyvault_audit_append",
    "INSERT INTO audit (tenant_id, number, time, action, outcome, actor, number_id, provider,"
    "    key_id, key_version, lease_id, call_id, reason, count, root_key_id, hash)"
    "  SELECT tenant_id, number, time, action, outcome, actor, number_id, nullif(provider, 0),"
    "      key_id, nullif(key_version, 0), lease_id, call_id, reason, count, root_key_id, hash"
    "    FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[],"
    "      $6::text[], $7::text[], $8::bigint[], $9::text[], $10::bigint[], $11::text[],"
    "      $12::text[], $13::text[], $14::bigint[], $15::text[], $16::bytea[])"
    "      r (tenant_id, number, time, action, outcome, actor, number_id, provider, key_id,"
    "        key_version, lease_id, call_id, reason, count, root_key_id, hash)"};

struct Head {
  int64_t number = 0;
  std::string hash;
  absl::Time now;
};
using Heads = std::map<std::string, Head>;  // By tenant.

ChainedRow AfterHead(const AuditRow& row, const Head& head) {
  ChainedRow chained;
  chained.tenant = row.tenant.text();
  chained.number = head.number + 1;
  chained.time = head.now;
  chained.action = Word(row.action);
  chained.outcome = Word(row.outcome);
  chained.actor = row.actor;
  chained.number_id = row.number;
  chained.provider = row.provider;
  chained.key = row.key;
  chained.key_version = row.key_version;
  chained.lease = row.lease;
  chained.call = row.call;
  chained.reason = row.reason;
  chained.count = row.count;
  return chained;
}

std::vector<ChainedRow> LinkAll(const AuditChain& chain, const std::vector<AuditRow>& rows,
                                Heads heads) {
  std::vector<ChainedRow> linked;
  for (const AuditRow& row : rows) {
    const auto head = heads.find(row.tenant.text());
    Check(head != heads.end(), "every tenant's chain was locked");
    ChainedRow chained = AfterHead(row, head->second);
    chain.Link(chained, head->second.hash);
    head->second.number = chained.number;
    head->second.hash = chained.hash;
    linked.push_back(std::move(chained));
  }
  return linked;
}

// One array for each column.
template <typename Value, typename Member>
std::vector<Value> Column(const std::vector<ChainedRow>& rows, Member member) {
  std::vector<Value> column;
  column.reserve(rows.size());
  for (const ChainedRow& row : rows) column.push_back(Value(row.*member));
  return column;
}

pg::Params ParamsOf(const std::vector<ChainedRow>& rows) {
  using Text = std::string;
  using Row = ChainedRow;
  return pg::Params(Column<Text>(rows, &Row::tenant), Column<int64_t>(rows, &Row::number),
                    Column<absl::Time>(rows, &Row::time), Column<Text>(rows, &Row::action),
                    Column<Text>(rows, &Row::outcome), Column<Text>(rows, &Row::actor),
                    Column<Text>(rows, &Row::number_id), Column<int64_t>(rows, &Row::provider),
                    Column<Text>(rows, &Row::key), Column<int64_t>(rows, &Row::key_version),
                    Column<Text>(rows, &Row::lease), Column<Text>(rows, &Row::call),
                    Column<Text>(rows, &Row::reason), Column<int64_t>(rows, &Row::count),
                    Column<Text>(rows, &Row::root_key_id), Column<pg::Bytes>(rows, &Row::hash));
}

}  // namespace

Task<absl::Status> AppendAudit(pg::Transaction& transaction, const AuditChain& chain,
                               const std::vector<AuditRow>& rows) {
  if (rows.empty()) co_return absl::OkStatus();
  Heads heads;
  for (const AuditRow& row : rows) heads[row.tenant.text()];
  std::vector<std::string> tenants;
  for (const auto& [tenant, head] : heads) tenants.push_back(tenant);
  absl::StatusOr<pg::Rows> found = co_await transaction.Query(kHeads, pg::Params(tenants));
  if (!found.ok()) co_return found.status();
  for (const pg::Row row : *found) {
    heads[row.Text(0)] = Head{row.Int(1), row.Bytes(2), row.Time(3)};
  }
  const std::vector<ChainedRow> linked = LinkAll(chain, rows, std::move(heads));
  absl::StatusOr<pg::Rows> written = co_await transaction.Query(kAppend, ParamsOf(linked));
  co_return written.status();
}

// In the order of the view's columns; see migrations/0002_audit.sql.
ChainedRow ReadChainedRow(const pg::Row& row) {
  return {row.Text(0),  row.Int(1),
          row.Time(2),  row.Text(3),
          row.Text(4),  row.Text(5),
          row.Text(6),  row.OptionalInt(7).value_or(0),
          row.Text(8),  row.OptionalInt(9).value_or(0),
          row.Text(10), row.Text(11),
          row.Text(12), row.Int(13),
          row.Text(14), row.Bytes(15)};
}

}  // namespace latchkey::keyvault
