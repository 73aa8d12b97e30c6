// Peers: dialer, keyvault and orchestrator as `media` needs them in a load run: they say yes.
#pragma once

#include <atomic>
#include <string>

#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/rpc/host.h"
#include "tests/support/pki.h"
#include "tests/support/running_host.h"
#include "tests/support/unused_methods.h"

namespace latchkey::bench {

class FakeDialer {
 public:
  Task<absl::Status> Heartbeat(const rpc::CallContext&, const dialer::v1::HeartbeatRequest&,
                               dialer::v1::HeartbeatResponse&);
  Task<absl::Status> ReportCarrierEvent(const rpc::CallContext&,
                                        const dialer::v1::ReportCarrierEventRequest&,
                                        dialer::v1::ReportCarrierEventResponse&);
  Task<absl::Status> ReportProgress(const rpc::CallContext&,
                                    const dialer::v1::ReportProgressRequest&,
                                    dialer::v1::ReportProgressResponse&);
  Task<absl::Status> CompleteCall(const rpc::CallContext&, const dialer::v1::CompleteCallRequest&,
                                  dialer::v1::CompleteCallResponse&);

  std::atomic<bool> alive = false;  // A heartbeat has come.
  std::atomic<int> completed = 0;
};

class FakeKeyVault {
 public:
  Task<absl::Status> LeaseKeys(const rpc::CallContext&, const keyvault::v1::LeaseKeysRequest&,
                               keyvault::v1::LeaseKeysResponse&);
  Task<absl::Status> RenewLeases(const rpc::CallContext&, const keyvault::v1::RenewLeasesRequest&,
                                 keyvault::v1::RenewLeasesResponse&);
  Task<absl::Status> ReleaseLease(const rpc::CallContext&, const keyvault::v1::ReleaseLeaseRequest&,
                                  keyvault::v1::ReleaseLeaseResponse&);
};

class FakeOrchestrator {
 public:
  Task<absl::Status> AppendCallEvents(const rpc::CallContext&,
                                      const orchestrator::v1::AppendCallEventsRequest&,
                                      orchestrator::v1::AppendCallEventsResponse&);

  std::atomic<int64_t> troubles = 0;
};

// The three, each a server of its own.
class PeerServices {
 public:
  explicit PeerServices(Pki& pki);

  FakeDialer dialer;
  FakeKeyVault keyvault;
  FakeOrchestrator orchestrator;

 private:
  void ServeDialer();
  void ServeKeyVault();
  void ServeOrchestrator();

  UnusedMethods unused_;
  rpc::Host dialer_host_, keyvault_host_, orchestrator_host_;
  // Last, since they serve what stands above.
  std::unique_ptr<RunningHost> dialer_run_, keyvault_run_, orchestrator_run_;

 public:
  std::string dialer_address() const { return dialer_run_->address(); }
  std::string keyvault_address() const { return keyvault_run_->address(); }
  std::string orchestrator_address() const { return orchestrator_run_->address(); }
};

}  // namespace latchkey::bench
