// Billing: what calls cost.
#include "lib/base/config.h"
#include "lib/pg/migrate.h"
#include "lib/rpc/host.h"
#include "migrations/billing.h"
#include "services/billing/config.h"
#include "services/billing/wiring.h"

int main(int argc, char** argv) {
  using namespace latchkey;
  constexpr std::string_view kFlags[] = {"migrate"};
  const Config config =
      Config::ParseOrExit(argc, argv, "Prices calls and meters them.", billing::kSettings, kFlags);
  if (config.Has("migrate")) {
    const pg::MigrateOptions options{.conninfo = config.Text("pg-owner"), .schema = "billing"};
    return pg::MigrateAndReport(options, billing::Migrations());
  }
  rpc::Host host(config, rpc::HostOptions{.service = "billing"});
  billing::Service service(config, host);
  return host.Run();
}
