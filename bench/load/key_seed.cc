#include "bench/load/key_seed.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/secret/key_fields.h"

namespace latchkey::bench {
namespace {

constexpr int kTenantsAtOnce = 250;
constexpr int kTwilio = 4;

constexpr pg::Statement kTenants{"bench_seed_tenants",
                                 "INSERT INTO tenant_keys (tenant_id, root_key_id, wrapped_key)"
                                 "  SELECT t, $3, w FROM unnest($1::text[], $2::bytea[]) r (t, w)"};
constexpr pg::Statement kKeys{
    "bench_seed_keys",
    "INSERT INTO keys (key_id, tenant_id, number_id, provider, version, create_time)"
    "  SELECT k, t, '', p, 1, now() FROM unnest($1::text[], $2::text[], $3::bigint[]) r (k, t, p)"};
constexpr pg::Statement kVersions{
    "bench_seed_versions",
    "INSERT INTO key_versions (key_id, version, status, preview, fingerprint, data_key,"
    "    call_ceiling, trial, carrier_account, phone_number, validate_time)"
    "  SELECT k, 1, 'valid', '...load', f, d, 0, false, '', '', now()"
    "    FROM unnest($1::text[], $2::text[], $3::bytea[]) r (k, f, d)"};
constexpr pg::Statement kFields{
    "bench_seed_fields",
    "INSERT INTO key_fields (key_id, version, name, blob)"
    "  SELECT k, 1, n, b FROM unnest($1::text[], $2::text[], $3::bytea[]) r (k, n, b)"};

// One array for each column of each table.
struct Columns {
  std::vector<std::string> tenants, key_ids, key_tenants, fingerprints, field_keys, field_names;
  std::vector<int64_t> providers;
  std::vector<pg::Bytes> wrapped, data_keys, blobs;
};

absl::Status AddTenant(const secret::Envelope& envelope, int tenant, Columns& columns) {
  const std::string id = SeedTenant(tenant);
  const std::string tenant_key = envelope.MakeTenantKey(id);
  columns.tenants.push_back(id);
  columns.wrapped.emplace_back(tenant_key);
  for (const int provider : kSeedProviders) {
    const secret::KeyAddress address{id, "", provider,
                                     fmt::format("key_load{}x{}", tenant, provider), 1};
    secret::KeyFields fields;
    for (const auto& [name, value] : SeedFields(tenant, provider)) {
      fields.Put(name, Secret(std::string_view(value)));
    }
    const absl::StatusOr<secret::SealedKey> sealed = envelope.Seal(tenant_key, address, fields);
    if (!sealed.ok()) return sealed.status();
    columns.key_ids.push_back(address.key_id);
    columns.key_tenants.push_back(id);
    columns.providers.push_back(provider);
    columns.fingerprints.push_back(sealed->fingerprint);
    columns.data_keys.emplace_back(sealed->data_key);
    for (const auto& [name, blob] : sealed->fields) {
      columns.field_keys.push_back(address.key_id);
      columns.field_names.push_back(name);
      columns.blobs.emplace_back(blob);
    }
  }
  return absl::OkStatus();
}

Task<absl::Status> Write(pg::Pool& pool, const std::string& root_key_id, const Columns& columns) {
  absl::StatusOr<pg::Transaction> begun = co_await pool.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> written = co_await transaction.Query(
      kTenants, pg::Params(columns.tenants, columns.wrapped, root_key_id));
  if (!written.ok()) co_return written.status();
  written = co_await transaction.Query(
      kKeys, pg::Params(columns.key_ids, columns.key_tenants, columns.providers));
  if (!written.ok()) co_return written.status();
  written = co_await transaction.Query(
      kVersions, pg::Params(columns.key_ids, columns.fingerprints, columns.data_keys));
  if (!written.ok()) co_return written.status();
  written = co_await transaction.Query(
      kFields, pg::Params(columns.field_keys, columns.field_names, columns.blobs));
  if (!written.ok()) co_return written.status();
  co_return co_await transaction.Commit();
}

}  // namespace

std::string SeedTenant(int tenant) { return fmt::format("tnt_load{}", tenant); }

std::map<std::string, std::string> SeedFields(int tenant, int provider) {
  const std::string tail = fmt::format("load{:08}p{}", tenant, provider);
  if (provider != kTwilio) return {{"api_key", fmt::format("sk-{:x>80}-{}", "", tail)}};
  return {{"account_sid", fmt::format("AC{:032x}", tenant)},
          {"auth_token", fmt::format("{:x>18}{}", "", tail)},
          {"phone_number", fmt::format("+1415{:07}", tenant)}};
}

Task<absl::Status> SeedKeys(pg::Pool& pool, const secret::Envelope& envelope,
                            const std::string& root_key_id, int tenants) {
  for (int first = 0; first < tenants; first += kTenantsAtOnce) {
    Columns columns;
    for (int tenant = first; tenant < std::min(first + kTenantsAtOnce, tenants); ++tenant) {
      absl::Status added = AddTenant(envelope, tenant, columns);
      if (!added.ok()) co_return added;
    }
    absl::Status written = co_await Write(pool, root_key_id, columns);
    if (!written.ok()) co_return written;
  }
  co_return absl::OkStatus();
}

}  // namespace latchkey::bench
