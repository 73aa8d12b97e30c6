#include "lib/pg/transaction.h"

#include <utility>

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "lib/pg/pool_state.h"

namespace latchkey::pg {

Transaction::Transaction(std::unique_ptr<Lessee> lessee) : lessee_(std::move(lessee)) {
  lessee_->in_transaction = true;
}

Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Task<absl::StatusOr<Rows>> Transaction::Query(const Statement& statement, Params params) {
  Check(lessee_ != nullptr, "the transaction is over");
  co_return co_await lessee_->connection().Run(statement, params);
}

Task<absl::Status> Transaction::Commit() {
  Check(lessee_ != nullptr, "the transaction is over");
  const std::unique_ptr<Lessee> lessee = std::move(lessee_);
  absl::StatusOr<Rows> rows = co_await lessee->connection().RunScript("COMMIT");
  if (!rows.ok()) co_return rows.status();
  lessee->in_transaction = false;
  // The COMMIT of a transaction in which a statement failed rolls back, and says so in its tag.
  if (rows->tag() == "COMMIT") co_return absl::OkStatus();
  co_return Error(absl::StatusCode::kAborted, "transaction_aborted",
                  "The change could not be made, and nothing was done. Try again.");
}

}  // namespace latchkey::pg
