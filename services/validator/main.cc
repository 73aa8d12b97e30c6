// Validator: asks a provider what a key is worth.
#include "lib/base/config.h"
#include "lib/rpc/host.h"
#include "services/validator/config.h"
#include "services/validator/wiring.h"

int main(int argc, char** argv) {
  using namespace latchkey;
  const Config config = Config::ParseOrExit(
      argc, argv, "Probes a provider with a key and says what it is worth.", validator::kSettings);
  rpc::Host host(config, rpc::HostOptions{.service = "validator"});
  validator::Service service(config, host);
  return host.Run();
}
