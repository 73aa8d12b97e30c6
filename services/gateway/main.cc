// latchkey-gateway: the public edge.
#include "services/gateway/config.h"
#include "services/gateway/wiring.h"

int main(int argc, char** argv) {
  using namespace latchkey;
  const Config config = Config::ParseOrExit(argc, argv, "The public edge: REST, turned into gRPC.",
                                            gateway::kSettings);
  rpc::HostOptions options;
  options.service = "gateway";
  rpc::Host host(config, options);
  gateway::Service service(config, host);
  return host.Run();
}
