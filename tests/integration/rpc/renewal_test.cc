#include <boost/asio/co_spawn.hpp>
#include <filesystem>

#include "lib/base/deadline.h"
#include "tests/integration/rpc/echo_service.h"

namespace latchkey {
namespace {

using absl::StatusCode;

// A server that looks for certificates all the time, and whose connections grow old soon.
class RenewalTest : public EchoTest {
 protected:
  RenewalTest() {
    rpc::HostOptions options = Options();
    files_ = options.tls;
    options.tls_interval = absl::Milliseconds(10);
    options.connection_age = absl::Milliseconds(100);
    options.connection_grace = absl::Milliseconds(400);
    host_ = std::make_unique<rpc::Host>(options);
    service_ = std::make_unique<EchoService>(*host_);
  }

  // Looks until the server shows the certificate of this number to new connections.
  Task<bool> Shows(long serial) {
    SystemClock clock;
    for (int looks = 0; looks < 1000; ++looks) {
      if (SerialServedAt(running_->address(), client_files_) == serial) co_return true;
      co_await clock.Sleep(absl::Milliseconds(10));
    }
    co_return false;
  }

  rpc::TlsFiles files_;
  const rpc::TlsFiles client_files_ = pki_.ForService("ops");
};

// Calls without a pause until told to end; the first error ends it too.
struct Load {
  int calls = 0;
  bool stop = false;
  absl::Status failure;
};

Task<absl::Status> CallUntilStopped(rpc::Client<pb::Echo>& client, Load& load) {
  pb::SayRequest request;
  request.set_text("still there?");
  const rpc::CallOptions options(absl::Seconds(10));
  while (!load.stop && load.failure.ok()) {
    absl::StatusOr<pb::SayResponse> answer =
        co_await rpc::Call(client, &pb::Echo::Stub::PrepareAsyncSay, request, options);
    if (!answer.ok()) load.failure = answer.status();
    ++load.calls;
  }
  co_return load.failure;
}

TEST_F(RenewalTest, CertificatesAreSwappedOnBothSidesUnderLoadAndNoCallFails) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  Load load;
  int running = 0;
  for (int i = 0; i < 8; ++i) {
    ++running;
    boost::asio::co_spawn(io_, CallUntilStopped(client, load),
                          [&](std::exception_ptr, const absl::Status&) { --running; });
  }

  for (int swap = 0; swap < 5; ++swap) {
    const rpc::TlsFiles next = pki_.ForService("keyvault");
    Replace(files_, next);
    EXPECT_TRUE(Await(io_, Shows(SerialOf(next))));
    media_.Renew(Loaded(pki_.ForService("media/m1")));
    const int before = load.calls;
    while (load.calls < before + 100 && load.failure.ok()) io_.run_one();
  }
  load.stop = true;
  while (running > 0) io_.run_one();

  EXPECT_THAT(load.failure, IsOk());
  EXPECT_GE(load.calls, 500);
}

TEST_F(RenewalTest, ANewAuthorityIsTrustedAndTheOldOneNoMore) {
  Serve();
  Pki successor;
  rpc::TlsFiles next = successor.ForService("keyvault");
  std::filesystem::copy_file(next.ca, files_.ca, std::filesystem::copy_options::overwrite_existing);
  Replace(files_, next);
  ASSERT_TRUE(Await(io_, Shows(SerialOf(next))));

  rpc::Peers newcomer(Loaded(successor.ForService("media/m1")));
  rpc::Client<pb::Echo> client = ClientOf(newcomer);
  pb::SayRequest request;
  const rpc::CallOptions options(absl::Seconds(10));
  EXPECT_THAT(Await(io_, rpc::Call(client, &pb::Echo::Stub::PrepareAsyncSay, request, options)),
              IsOk());
  EXPECT_THAT(Say("hello"), StatusIs(StatusCode::kUnavailable, "peer_unreachable"));
}

TEST_F(RenewalTest, AnUnfitReplacementLeavesTheOneBeforeInUse) {
  Serve();
  const long served = SerialOf(files_);
  metrics::Counter& refused =
      metrics::MakeCounter("latchkey_keyvault_certificate_reloads_total", "",
                           {{"certificate", "grpc"}, {"outcome", "refused"}});
  SystemClock clock;
  const rpc::TlsFiles unfit[] = {
      {.cert = pki_.ForService("keyvault").cert, .key = files_.key, .ca = ""},
      pki_.Issue({.uris = {"spiffe://latchkey/keyvault"}, .valid_for = -absl::Minutes(1)}),
      pki_.ForService("gateway")};

  for (const rpc::TlsFiles& one : unfit) {
    const double before = refused.value();
    Replace(files_, one);
    for (int looks = 0; looks < 1000 && refused.value() == before; ++looks) {
      Await(io_, clock.Sleep(absl::Milliseconds(10)));
    }

    EXPECT_GT(refused.value(), before);
    EXPECT_EQ(SerialServedAt(running_->address(), client_files_), served);
    EXPECT_THAT(Say("hello"), IsOk());
  }
}

// Reads a stream without an end, from its cursor again whenever it is cut.
Task<absl::Status> Follow(rpc::Client<pb::Echo>& client, int cuts_wanted, int64_t& next) {
  const rpc::CallOptions options(absl::Seconds(30));
  for (int cuts = 0; cuts < cuts_wanted; ++cuts) {
    pb::RepeatRequest request;
    request.set_count(-1);
    request.set_first(next);
    rpc::ServerStream<pb::RepeatResponse> stream(client, &pb::Echo::Stub::PrepareAsyncRepeat,
                                                 request, options);
    while (true) {
      absl::StatusOr<std::optional<pb::RepeatResponse>> read = co_await stream.Read();
      if (absl::IsUnavailable(read.status())) break;  // The connection has come of age.
      if (!read.ok()) co_return read.status();
      if (!read->has_value() || (*read)->place() != next) {
        co_return absl::InternalError("a message is missing, or comes twice");
      }
      ++next;
    }
  }
  co_return absl::OkStatus();
}

TEST_F(RenewalTest, AStreamOutlivesItsConnectionsThroughItsCursor) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  int64_t next = 0;

  EXPECT_THAT(Await(io_, Follow(client, 3, next)), IsOk());
  EXPECT_GT(next, 3);
}

}  // namespace
}  // namespace latchkey
