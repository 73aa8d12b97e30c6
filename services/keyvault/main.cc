// Keyvault: keeps tenants' provider keys, and leases them, sealed, to calls.
#include <iostream>
#include <optional>
#include <utility>

#include "lib/base/config.h"
#include "lib/base/error.h"
#include "lib/pg/migrate.h"
#include "lib/rpc/host.h"
#include "migrations/keyvault.h"
#include "services/keyvault/config.h"
#include "services/keyvault/key_material.h"
#include "services/keyvault/wiring.h"

namespace {

// What an operator reads when keyvault does not start.
int Refuse(const absl::Status& why) {
  std::cerr << "keyvault does not start: " << latchkey::Message(why) << "\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace latchkey;
  const Config config =
      Config::ParseOrExit(argc, argv, "Keeps provider keys, and leases them, sealed, to calls.",
                          keyvault::kSettings, keyvault::kFlags);
  const std::optional<int> generated = keyvault::GenerateIfAsked(config);
  if (generated.has_value()) return *generated;
  if (config.Has("migrate")) {
    const pg::MigrateOptions options{.conninfo = config.Text("pg-owner"), .schema = "keyvault"};
    return pg::MigrateAndReport(options, keyvault::Migrations());
  }
  rpc::Host host(config, rpc::HostOptions{.service = "keyvault"});
  absl::StatusOr<keyvault::KeyMaterial> material = keyvault::LoadKeyMaterial(config);
  if (!material.ok()) return Refuse(material.status());
  keyvault::Service service(config, *std::move(material), host);
  absl::Status prepared = service.Prepare();
  if (!prepared.ok()) return Refuse(prepared);
  return host.Run();
}
