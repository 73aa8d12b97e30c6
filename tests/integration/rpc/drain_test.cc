#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/integration/rpc/echo_service.h"

namespace latchkey {
namespace {

// GETs a page over plain HTTP; returns head and body.
std::string Get(int port, const std::string& path) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  boost::system::error_code error;
  const auto loopback = boost::asio::ip::make_address("127.0.0.1");
  socket.connect({loopback, static_cast<uint16_t>(port)}, error);
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  boost::asio::write(socket, boost::asio::buffer(request), error);
  std::string answer;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
  return answer;
}

Task<absl::Status> Down() { co_return absl::UnavailableError("Postgres is out of reach."); }
Task<absl::Status> Up() { co_return absl::OkStatus(); }

TEST_F(EchoTest, AServiceWithoutTroubleIsLiveAndReady) {
  host_->AddReadiness("postgres", Up);
  Serve();

  EXPECT_THAT(Get(host_->http_port(), "/livez"), testing::StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Get(host_->http_port(), "/readyz"), testing::StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Get(host_->http_port(), "/secrets"), testing::StartsWith("HTTP/1.1 404"));
}

TEST_F(EchoTest, AServiceWithoutItsDatabaseIsLiveButNotReady) {
  host_->AddReadiness("postgres", Down);
  Serve();

  EXPECT_THAT(Get(host_->http_port(), "/livez"), testing::StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Get(host_->http_port(), "/readyz"),
              testing::AllOf(testing::StartsWith("HTTP/1.1 503"),
                             testing::HasSubstr("postgres: Postgres is out of reach.")));
}

TEST_F(EchoTest, MetricsCountTheCalls) {
  Serve();
  ASSERT_THAT(Say("hello"), IsOk());

  EXPECT_THAT(Get(host_->http_port(), "/metrics"),
              testing::HasSubstr("latchkey_keyvault_rpcs_total{code=\"OK\","
                                 "method=\"latchkey.test.v1.Echo/Say\"}"));
}

// Holds the drain open until it has looked at /readyz.
class DrainWatcher {
 public:
  explicit DrainWatcher(rpc::Host& host) : host_(host) {
    host.OnDrain([this] { return Look(); });
  }
  Task<void> Look() {
    begun = true;
    std::thread look([this] {
      readyz = Get(host_.http_port(), "/readyz");
      seen = true;
    });
    while (!seen) co_await clock_.Sleep(absl::Milliseconds(1));
    look.join();
  }

  std::string readyz;
  std::atomic<bool> begun = false, seen = false;

 private:
  rpc::Host& host_;
  SystemClock clock_;
};

TEST_F(EchoTest, ADrainingServiceIsNotReady) {
  DrainWatcher watcher(*host_);
  Serve();

  Drain();

  EXPECT_TRUE(watcher.begun);
  EXPECT_THAT(watcher.readyz,
              testing::AllOf(testing::StartsWith("HTTP/1.1 503"), testing::HasSubstr("draining")));
}

TEST_F(EchoTest, ADrainCancelsWhatDoesNotEndInTime) {
  Serve();
  absl::StatusOr<pb::SayResponse> answer;
  std::atomic<bool> answered = false;
  std::thread caller([&] {
    answer = Say("wait", absl::Minutes(5));
    answered = true;
  });
  while (service_->running == 0 && !answered) std::this_thread::yield();

  Drain();

  caller.join();
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(service_->running, 0);
  EXPECT_EQ(service_->cancelled, 1);
}

}  // namespace
}  // namespace latchkey
