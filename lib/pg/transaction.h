// Transaction: statements that happen together or not at all.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/pg/row.h"
#include "lib/pg/statement.h"

namespace latchkey::pg {

class Lessee;

// Made by Pool::Begin. Owns one connection until it ends:
//
//   absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
//   if (!begun.ok()) co_return begun.status();
//   pg::Transaction transaction = *std::move(begun);
//   …
//   co_return co_await transaction.Commit();
//
// One that is dropped before Commit is rolled back, without blocking: the connection goes back to
// the pool once the server has confirmed, or is closed. Lives on the pool's io thread; one
// statement at a time.
class Transaction {
 public:
  explicit Transaction(std::unique_ptr<Lessee> lessee);
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  // Errors as Pool::Query. After an error only dropping it makes sense: Postgres refuses further
  // statements of a failed transaction.
  Task<absl::StatusOr<Rows>> Query(const Statement& statement, Params params);

  // After it, the transaction is over, whatever the answer. kAborted `transaction_aborted`:
  // nothing was done, and the whole transaction may be tried again. kUnavailable or
  // kDeadlineExceeded: it is unknown whether it was done.
  Task<absl::Status> Commit();

 private:
  std::unique_ptr<Lessee> lessee_;
};

}  // namespace latchkey::pg
