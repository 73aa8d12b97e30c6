// Media: runs calls, end to end.
#include "lib/base/config.h"
#include "lib/rpc/host.h"
#include "services/media/config.h"
#include "services/media/wiring.h"

int main(int argc, char** argv) {
  using namespace latchkey;
  const Config config =
      Config::ParseOrExit(argc, argv, "Runs calls, end to end.", media::kSettings);
  rpc::Host host(config, rpc::HostOptions{.service = "media"});
  media::Service service(config, host);
  return host.Run();
}
