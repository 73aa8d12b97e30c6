// Orchestrator: tenants, their numbers and onboarding, and what was said in their calls.
#include "lib/base/config.h"
#include "lib/pg/migrate.h"
#include "lib/rpc/host.h"
#include "migrations/orchestrator.h"
#include "services/orchestrator/config.h"
#include "services/orchestrator/wiring.h"

namespace {

// A batch has up to 1000 events with what was said.
constexpr int kReceiveBytesMax = 4 * 1024 * 1024;

}  // namespace

int main(int argc, char** argv) {
  using namespace latchkey;
  constexpr std::string_view kFlags[] = {"migrate"};
  const Config config =
      Config::ParseOrExit(argc, argv, "Keeps tenants, numbers and what was said in calls.",
                          orchestrator::kSettings, kFlags);
  if (config.Has("migrate")) {
    const pg::MigrateOptions options{.conninfo = config.Text("pg-owner"), .schema = "orchestrator"};
    return pg::MigrateAndReport(options, orchestrator::Migrations());
  }
  rpc::Host host(
      config, rpc::HostOptions{.service = "orchestrator", .max_receive_bytes = kReceiveBytesMax});
  orchestrator::Service service(config, host);
  return host.Run();
}
