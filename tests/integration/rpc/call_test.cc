#include "lib/base/deadline.h"
#include "lib/base/spawn.h"
#include "tests/integration/rpc/echo_service.h"

namespace latchkey {
namespace {

using absl::StatusCode;

TEST_F(EchoTest, AUnaryCallBringsTheAnswerAndWhoAsked) {
  Serve();

  absl::StatusOr<pb::SayResponse> answer = Say("hello");

  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->text(), "hello");
  EXPECT_EQ(answer->caller(), "media/m1");
  EXPECT_EQ(answer->call_id(), "call_1");
}

TEST_F(EchoTest, AnErrorArrivesWithItsReasonMessageAndMetadata) {
  Serve();

  const absl::Status error = Say("fail").status();

  EXPECT_THAT(error, StatusIs(StatusCode::kResourceExhausted, "too_many"));
  EXPECT_EQ(Message(error), "Come back later.");
  EXPECT_EQ(Metadata(error), (ErrorMetadata{{"retry_after_seconds", "7"}}));
}

TEST_F(EchoTest, ADeadlineEndsTheCallOnBothSides) {
  Serve();

  EXPECT_THAT(Say("wait", absl::Milliseconds(200)),
              StatusIs(StatusCode::kDeadlineExceeded, "deadline_exceeded"));

  Drain();
  EXPECT_EQ(service_->running, 0);
  EXPECT_EQ(service_->cancelled, 1);
}

TEST_F(EchoTest, CancellingTheClientsCoroutineCancelsTheHandler) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  pb::SayRequest request;
  request.set_text("wait");
  const rpc::CallOptions options(absl::Minutes(5));

  absl::StatusOr<pb::SayResponse> answer =
      Await(io_, WithDeadline(rpc::Call(client, &pb::Echo::Stub::PrepareAsyncSay, request, options),
                              absl::Milliseconds(500)));

  EXPECT_THAT(answer, StatusIs(StatusCode::kDeadlineExceeded, "deadline_exceeded"));
  Drain();
  EXPECT_EQ(service_->cancelled, 1);
}

TEST_F(EchoTest, ARequestOverTheLimitIsRefused) {
  Serve();

  EXPECT_THAT(Say(std::string(65 * 1024, 'x')), StatusIs(StatusCode::kResourceExhausted));
  EXPECT_THAT(Say("still alive"), IsOk());
}

TEST_F(EchoTest, AServerThatIsNotUpIsUnreachable) {
  rpc::Client<pb::Echo> client(media_, "keyvault", "127.0.0.1:1");
  const rpc::CallOptions options(absl::Seconds(10));

  EXPECT_THAT(
      Await(io_, rpc::Call(client, &pb::Echo::Stub::PrepareAsyncSay, pb::SayRequest(), options)),
      StatusIs(StatusCode::kUnavailable, "peer_unreachable"));
}

TEST_F(EchoTest, AServerWithAnotherIdentityIsNotBelieved) {
  Serve();
  rpc::Client<pb::Echo> client(media_, "dialer", running_->address());
  const rpc::CallOptions options(absl::Seconds(10));

  EXPECT_THAT(
      Await(io_, rpc::Call(client, &pb::Echo::Stub::PrepareAsyncSay, pb::SayRequest(), options)),
      StatusIs(StatusCode::kUnavailable, "peer_unreachable"));
}

Task<absl::Status> SayTimes(rpc::Client<pb::Echo>& client, int times) {
  const rpc::CallOptions options(absl::Seconds(30));
  const pb::SayRequest request;
  for (int i = 0; i < times; ++i) {
    absl::StatusOr<pb::SayResponse> answer =
        co_await rpc::Call(client, &pb::Echo::Stub::PrepareAsyncSay, request, options);
    if (!answer.ok()) co_return answer.status();
  }
  co_return absl::OkStatus();
}

Task<void> SayAndCount(rpc::Client<pb::Echo>& client, int times, int& succeeded) {
  absl::Status said = co_await SayTimes(client, times);
  if (said.ok()) ++succeeded;
}

TEST_F(EchoTest, ManyCallsRunSideBySide) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  int succeeded = 0;

  for (int i = 0; i < 64; ++i) {
    Spawn(io_.get_executor(), "say", SayAndCount(client, 20, succeeded));
  }
  io_.run();

  EXPECT_EQ(succeeded, 64);
}

}  // namespace
}  // namespace latchkey
