// No two different audit rows have the same hash: whatever is moved from one field into the next.
#include "services/keyvault/domain/audit_chain.h"

#include "tests/fuzz/fuzz_input.h"

namespace {

constexpr size_t kFields = 9;

latchkey::keyvault::ChainedRow RowOf(const std::vector<std::string_view>& parts, size_t from) {
  latchkey::keyvault::ChainedRow row;
  row.tenant = parts[from];
  row.action = parts[from + 1];
  row.outcome = parts[from + 2];
  row.actor = parts[from + 3];
  row.number_id = parts[from + 4];
  row.key = parts[from + 5];
  row.lease = parts[from + 6];
  row.call = parts[from + 7];
  row.reason = parts[from + 8];
  return row;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  static const secret::KeyRing ring =
      *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  static const keyvault::AuditChain chain(ring);
  const auto parts = Parts(AsText(data, size), 2 * kFields);
  keyvault::ChainedRow one = RowOf(parts, 0), other = RowOf(parts, kFields);
  bool same = true;
  for (size_t i = 0; i < kFields; ++i) same = same && parts[i] == parts[kFields + i];

  chain.Link(one, "");
  chain.Link(other, "");

  Check((one.hash == other.hash) == same, "a hash is of one row alone");
  Check(chain.HashOf(one, "") == one.hash, "a row's hash can be made again");
  Check(chain.HashOf(one, one.hash) != one.hash, "and is of its predecessor too");
  return 0;
}
