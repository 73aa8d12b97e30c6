#include "bench/load/rewrap_run.h"

#include <string>

#include "absl/time/clock.h"
#include "bench/load/key_seed.h"
#include "bench/load/pace.h"

namespace latchkey::bench {
namespace {

using keyvault::v1::KeyVault;

constexpr pg::Statement kUpdate{
    "bench_update",
    "UPDATE tenant_keys SET wrapped_key = $2, root_key_id = $3 WHERE tenant_id = $1"};
constexpr size_t kWrappedBytes = 150;  // As long as a wrapped key.

Task<absl::StatusOr<int64_t>> RowsLeft(rpc::Client<KeyVault>& ops,
                                       keyvault::v1::RewrapAction action) {
  keyvault::v1::RewrapRequest request;
  request.set_action(action);
  const rpc::CallOptions options(absl::Seconds(10));
  const absl::StatusOr<keyvault::v1::RewrapResponse> answer =
      co_await rpc::Call(ops, &KeyVault::Stub::PrepareAsyncRewrap, request, options);
  if (!answer.ok()) co_return answer.status();
  co_return answer->left_count();
}

}  // namespace

Task<absl::StatusOr<double>> RewrapRows(Executor executor, rpc::Client<KeyVault>& ops,
                                        absl::Duration window) {
  Pace pace(executor, std::chrono::microseconds(absl::ToInt64Microseconds(window)));
  const absl::StatusOr<int64_t> before = co_await RowsLeft(ops, keyvault::v1::REWRAP_ACTION_START);
  if (!before.ok()) co_return before.status();
  const absl::Time begin = absl::Now();
  co_await pace.Next();
  const absl::StatusOr<int64_t> after = co_await RowsLeft(ops, keyvault::v1::REWRAP_ACTION_STOP);
  if (!after.ok()) co_return after.status();
  if (*after == 0) co_return absl::OutOfRangeError("too few rows for the window");
  co_return static_cast<double>(*before - *after) / absl::ToDoubleSeconds(absl::Now() - begin);
}

Task<absl::StatusOr<double>> UpdateRows(pg::Pool& pool, absl::Duration window) {
  const std::string wrapped(kWrappedBytes, 'w');
  const absl::Time begin = absl::Now();
  int updated = 0;
  while (absl::Now() - begin < window) {
    absl::StatusOr<pg::Rows> rows =
        co_await pool.Query(kUpdate, pg::Params(SeedTenant(updated), pg::Bytes(wrapped), "next"));
    if (!rows.ok()) co_return rows.status();
    if (rows->affected() != 1) co_return absl::OutOfRangeError("too few rows for the window");
    ++updated;
  }
  co_return static_cast<double>(updated) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace latchkey::bench
