// EchoService: a handler of each shape, and a fixture that serves it over real mTLS.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "echo.grpc.pb.h"
#include "lib/base/clock.h"
#include "lib/rpc/client.h"
#include "lib/rpc/client_stream.h"
#include "lib/rpc/host.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey {

namespace pb = ::latchkey::test::v1;

class EchoService {
 public:
  explicit EchoService(rpc::Host& host);

  Task<absl::Status> Say(const rpc::CallContext& context, const pb::SayRequest& request,
                         pb::SayResponse& response);
  Task<absl::Status> Repeat(const rpc::CallContext& context, const pb::RepeatRequest& request,
                            rpc::Writer<pb::RepeatResponse>& writer);
  Task<absl::Status> Talk(const rpc::CallContext& context,
                          rpc::ReaderWriter<pb::TalkRequest, pb::TalkResponse>& stream);

  std::atomic<int> running = 0;    // Handlers that have begun and not ended.
  std::atomic<int> cancelled = 0;  // Handlers that were cancelled while they waited.

 private:
  Task<absl::Status> WaitForCancel(const rpc::CallContext& context);

  SystemClock clock_;
};

// "keyvault" serves; "media/m1" calls.
class EchoTest : public testing::Test {
 protected:
  EchoTest();
  rpc::HostOptions Options();
  void Serve() { running_.emplace(*host_); }
  void Drain() { running_.reset(); }
  rpc::Client<pb::Echo> ClientOf(rpc::Peers& peers) {
    return rpc::Client<pb::Echo>(peers, "keyvault", running_->address());
  }
  absl::StatusOr<pb::SayResponse> Say(std::string text,
                                      absl::Duration deadline = absl::Seconds(10));

  boost::asio::io_context io_{1};  // Of the calls; outlives media_.
  Pki pki_;
  std::unique_ptr<rpc::Host> host_;
  std::unique_ptr<EchoService> service_;
  std::optional<RunningHost> running_;
  rpc::Peers media_{Loaded(pki_.ForService("media/m1"))};
};

}  // namespace latchkey
