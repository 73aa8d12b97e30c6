// Rewrap run: how fast tenants' keys move to another root key, beside a bare UPDATE loop.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/pg/pool.h"
#include "lib/rpc/client.h"

namespace latchkey::bench {

// Lets keyvault rewrap for `window` and then stops it. Rows a second.
Task<absl::StatusOr<double>> RewrapRows(Executor executor, rpc::Client<keyvault::v1::KeyVault>& ops,
                                        absl::Duration window);

// Updates a copy of the same rows, one after the other, each in a durable transaction of its own.
// `pool` looks in a schema with a copy of keyvault's tenant_keys. Rows a second.
Task<absl::StatusOr<double>> UpdateRows(pg::Pool& pool, absl::Duration window);

}  // namespace latchkey::bench
