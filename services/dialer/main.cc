// Dialer: whether a call may happen, and the record of each.
#include <cstdio>

#include "lib/base/config.h"
#include "lib/base/error.h"
#include "lib/pg/migrate.h"
#include "lib/rpc/host.h"
#include "migrations/dialer.h"
#include "services/dialer/config.h"
#include "services/dialer/wiring.h"

int main(int argc, char** argv) {
  using namespace latchkey;
  constexpr std::string_view kFlags[] = {"migrate"};
  const Config config = Config::ParseOrExit(argc, argv, "Admits calls and keeps their records.",
                                            dialer::kSettings, kFlags);
  if (config.Has("migrate")) {
    const pg::MigrateOptions options{.conninfo = config.Text("pg-owner"), .schema = "dialer"};
    return pg::MigrateAndReport(options, dialer::Migrations());
  }
  rpc::Host host(config, rpc::HostOptions{.service = "dialer"});
  const auto service = dialer::Service::Make(config, host);
  if (!service.ok()) {
    std::fprintf(stderr, "latchkey-dialer: %s\n", Message(service.status()).c_str());
    return 2;
  }
  return host.Run();
}
