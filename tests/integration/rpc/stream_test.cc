#include <list>

#include "lib/base/deadline.h"
#include "tests/integration/rpc/echo_service.h"

namespace latchkey {
namespace {

using absl::StatusCode;

class StreamTest : public EchoTest {
 protected:
  pb::RepeatRequest Repeat(std::string text, int count) {
    pb::RepeatRequest request;
    request.set_text(std::move(text));
    request.set_count(count);
    return request;
  }
};

// Reads up to `most` messages; counts them.
Task<absl::Status> ReadSome(rpc::Client<pb::Echo>& client, const pb::RepeatRequest& request,
                            int most, int& count) {
  const rpc::CallOptions options(absl::Seconds(30));
  rpc::ServerStream<pb::RepeatResponse> stream(client, &pb::Echo::Stub::PrepareAsyncRepeat, request,
                                               options);
  while (count < most) {
    absl::StatusOr<std::optional<pb::RepeatResponse>> next = co_await stream.Read();
    if (!next.ok()) co_return next.status();
    if (!next->has_value()) co_return absl::OkStatus();
    ++count;
  }
  co_return absl::OkStatus();
}

TEST_F(StreamTest, AServerStreamBringsEveryMessageAndThenTheEnd) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  const pb::RepeatRequest request = Repeat("again", 100);
  int count = 0;

  EXPECT_THAT(Await(io_, ReadSome(client, request, 1000, count)), IsOk());
  EXPECT_EQ(count, 100);
}

TEST_F(StreamTest, AServerStreamEndsWithTheServersError) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  const pb::RepeatRequest request = Repeat("fail", 3);
  int count = 0;

  EXPECT_THAT(Await(io_, ReadSome(client, request, 1000, count)),
              StatusIs(StatusCode::kNotFound, "nothing_more"));
  EXPECT_EQ(count, 3);
}

TEST_F(StreamTest, AStreamThatTheClientDropsEndsItsHandler) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  const pb::RepeatRequest request = Repeat("for ever", -1);
  int count = 0;

  EXPECT_THAT(Await(io_, ReadSome(client, request, 5, count)), IsOk());

  Drain();
  EXPECT_EQ(service_->running, 0);
}

TEST_F(StreamTest, ACancelledReaderSaysSo) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  const pb::RepeatRequest request = Repeat("for ever", -1);
  int count = 0;

  EXPECT_THAT(
      Await(io_, WithDeadline(ReadSome(client, request, 1 << 30, count), absl::Milliseconds(200))),
      StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_GT(count, 0);
}

Task<absl::Status> TalkTwice(rpc::Client<pb::Echo>& client, std::string& heard) {
  const rpc::CallOptions options(absl::Seconds(30));
  rpc::BidiStream<pb::TalkRequest, pb::TalkResponse> stream(
      client, &pb::Echo::Stub::PrepareAsyncTalk, options);
  for (const char* text : {"one ", "two"}) {
    pb::TalkRequest request;
    request.set_text(text);
    absl::Status written = co_await stream.Write(request);
    if (!written.ok()) co_return written;
    absl::StatusOr<std::optional<pb::TalkResponse>> answer = co_await stream.Read();
    if (!answer.ok()) co_return answer.status();
    heard += (*answer)->text();
  }
  co_await stream.WritesDone();
  absl::StatusOr<std::optional<pb::TalkResponse>> end = co_await stream.Read();
  if (!end.ok()) co_return end.status();
  if (end->has_value()) co_return absl::InternalError("more came than was sent");
  co_return absl::OkStatus();
}

// Opens streams that stay open until the last one is refused, or none was.
Task<absl::Status> OpenMany(rpc::Client<pb::Echo>& client, const pb::RepeatRequest& request,
                            int count) {
  const rpc::CallOptions options(absl::Seconds(30));
  std::list<rpc::ServerStream<pb::RepeatResponse>> streams;
  for (int i = 0; i < count; ++i) {
    streams.emplace_back(client, &pb::Echo::Stub::PrepareAsyncRepeat, request, options);
    absl::StatusOr<std::optional<pb::RepeatResponse>> first = co_await streams.back().Read();
    if (!first.ok()) co_return first.status();
  }
  co_return absl::OkStatus();
}

TEST_F(StreamTest, MoreAtATimeThanTheContractAllowsIsRefusedToThatCallerAlone) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  rpc::Peers other(Loaded(pki_.ForService("media/m2")));
  rpc::Client<pb::Echo> other_client = ClientOf(other);
  const pb::RepeatRequest request = Repeat("for ever", -1);

  const absl::Status refused = Await(io_, OpenMany(client, request, 3));

  EXPECT_THAT(refused, StatusIs(StatusCode::kResourceExhausted, "rate_limited"));
  EXPECT_EQ(Metadata(refused)["retry_after_seconds"], "1");
  EXPECT_THAT(Await(io_, OpenMany(other_client, request, 2)), IsOk());
}

TEST_F(StreamTest, MoreInAMinuteThanTheContractAllowsIsRefused) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  std::string heard;
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Await(io_, TalkTwice(client, heard)), IsOk());

  const absl::Status refused = Await(io_, TalkTwice(client, heard));

  EXPECT_THAT(refused, StatusIs(StatusCode::kResourceExhausted, "rate_limited"));
  EXPECT_EQ(Metadata(refused)["retry_after_seconds"], "20");
}

TEST_F(StreamTest, BothSidesTalkInTurn) {
  Serve();
  rpc::Client<pb::Echo> client = ClientOf(media_);
  std::string heard;

  EXPECT_THAT(Await(io_, TalkTwice(client, heard)), IsOk());
  EXPECT_EQ(heard, "one two");
}

}  // namespace
}  // namespace latchkey
