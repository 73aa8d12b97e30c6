// Lease fleet: media instances with tickets that dialer signed, as keyvault sees them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/rpc/client.h"
#include "lib/rpc/peers.h"
#include "lib/secret/sealed_box.h"
#include "lib/secret/signature.h"

namespace latchkey::bench {

// One media instance: an identity and a channel of its own.
struct LeasingInstance {
  LeasingInstance(const std::string& tls_folder, std::string its_name, std::string_view expected,
                  const std::string& address);

  const std::string name;  // "m1"
  rpc::Peers peers;
  rpc::Client<keyvault::v1::KeyVault> client;
};

// Lives on one io thread.
class LeaseFleet {
 public:
  static constexpr int kInstances = 4;

  // `tls_folder` holds media-m1.pem, media-m1.key and so on, and ca.pem. `expected` is who answers
  // at `address`.
  LeaseFleet(const std::string& tls_folder, std::string_view expected, const std::string& address,
             const secret::SigningKey& dialer, int tenants);

  // A new call of the next tenant, on the next instance: signs a ticket for all four keys of a
  // composed call, makes a key pair, and asks for them. Of every 64th answer all fields are opened
  // and compared with what was saved. kInternal: an answer was not right.
  Task<absl::Status> LeaseOnce();
  // The same of a given tenant; gives the leases' ids.
  Task<absl::StatusOr<std::vector<std::string>>> Lease(int tenant);
  // The same request to a server that does nothing with it.
  Task<absl::Status> EchoOnce();

  LeasingInstance& instance(size_t index) { return *instances_[index]; }
  size_t size() const { return instances_.size(); }

 private:
  keyvault::v1::LeaseKeysRequest RequestFor(int tenant, const LeasingInstance& instance,
                                            const secret::BoxKeyPair& pair);
  LeasingInstance& Next() { return *instances_[static_cast<size_t>(calls_++) % instances_.size()]; }

  const secret::SigningKey& dialer_;
  const int tenants_;
  std::vector<std::unique_ptr<LeasingInstance>> instances_;
  int calls_ = 0;
  int tickets_ = 0;
};

}  // namespace latchkey::bench
