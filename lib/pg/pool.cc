#include "lib/pg/pool.h"

#include <utility>

#include "lib/pg/pool_state.h"

namespace latchkey::pg {
namespace {

constexpr Statement kPing{"pg_ping", "SELECT 1"};

}  // namespace

Pool::Pool(Executor executor, PoolOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

Pool::~Pool() { state_->Close(); }

size_t Pool::size() const { return state_->size(); }

Task<absl::StatusOr<Rows>> Pool::Query(const Statement& statement, Params params) {
  absl::StatusOr<std::unique_ptr<Lessee>> lessee = co_await state_->Acquire();
  if (!lessee.ok()) co_return lessee.status();
  co_return co_await (*lessee)->connection().Run(statement, params);
}

Task<absl::StatusOr<Transaction>> Pool::Begin() {
  absl::StatusOr<std::unique_ptr<Lessee>> lessee = co_await state_->Acquire();
  if (!lessee.ok()) co_return lessee.status();
  absl::StatusOr<Rows> begun = co_await (*lessee)->connection().RunScript("BEGIN");
  if (!begun.ok()) co_return begun.status();
  co_return Transaction(std::move(*lessee));
}

Task<absl::Status> Pool::Ping() {
  absl::StatusOr<Rows> rows = co_await Query(kPing, Params());
  co_return rows.status();
}

}  // namespace latchkey::pg
