// The services that dialer speaks to, as small gRPC servers of their own.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "latchkey/billing/v1/billing.grpc.pb.h"
#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "latchkey/media/v1/media.grpc.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/rpc/client.h"
#include "lib/rpc/host.h"
#include "tests/integration/dialer/mailbox.h"
#include "tests/support/unused_methods.h"

namespace latchkey::dialer {

// Valid keys of all four providers for whoever is asked about; a signature is "genuine" or it is
// not.
class FakeKeyVault {
 public:
  explicit FakeKeyVault(rpc::Host& host);
  Task<absl::Status> ListKeys(const rpc::CallContext&, const keyvault::v1::ListKeysRequest& request,
                              keyvault::v1::ListKeysResponse& response);
  Task<absl::Status> Verify(const rpc::CallContext&,
                            const keyvault::v1::VerifyCarrierSignatureRequest& request,
                            keyvault::v1::VerifyCarrierSignatureResponse& response);

 private:
  UnusedMethods unused_;
};

// One bundled tenant in the US whose window is never closed, with a number of the platform's.
class FakeOrchestrator {
 public:
  explicit FakeOrchestrator(rpc::Host& host);
  Task<absl::Status> FindNumber(const rpc::CallContext&,
                                const orchestrator::v1::FindNumberRequest& request,
                                orchestrator::v1::FindNumberResponse& response);

 private:
  UnusedMethods unused_;
};

// Forty cents a minute; the first `refusals` usage events are not taken.
class FakeBilling {
 public:
  explicit FakeBilling(rpc::Host& host);
  Task<absl::Status> Authorize(const rpc::CallContext&,
                               const billing::v1::AuthorizeRequest& request,
                               billing::v1::AuthorizeResponse& response);
  Task<absl::Status> RecordUsage(const rpc::CallContext&,
                                 const billing::v1::RecordUsageRequest& request,
                                 billing::v1::RecordUsageResponse& response);

  std::atomic<int> refusals = 0;
  Mailbox<billing::v1::RecordUsageRequest> usage;

 private:
  UnusedMethods unused_;
};

// Takes every call, and gives an inbound one a stream. Settles one by telling dialer that it lasted
// 17 seconds.
class FakeMedia {
 public:
  explicit FakeMedia(rpc::Host& host);
  Task<absl::Status> StartCall(const rpc::CallContext&, const media::v1::StartCallRequest& request,
                               media::v1::StartCallResponse& response);
  Task<absl::Status> ConfigureNumber(const rpc::CallContext&,
                                     const media::v1::ConfigureNumberRequest& request,
                                     media::v1::ConfigureNumberResponse& response);
  Task<absl::Status> EndCall(const rpc::CallContext&, const media::v1::EndCallRequest& request,
                             media::v1::EndCallResponse& response);
  Task<absl::Status> SettleCall(const rpc::CallContext&,
                                const media::v1::SettleCallRequest& request,
                                media::v1::SettleCallResponse& response);

  rpc::Client<v1::Dialer>* dialer = nullptr;  // Under this instance's identity.
  Mailbox<media::v1::StartCallRequest> started;
  Mailbox<media::v1::ConfigureNumberRequest> configured;
  Mailbox<media::v1::EndCallRequest> ended;
  Mailbox<media::v1::SettleCallRequest> settled;
};

}  // namespace latchkey::dialer
