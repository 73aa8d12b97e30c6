// Every fault at every moment: by HTTP and SSE at Anthropic, by websocket at Cartesia.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lib/base/deadline.h"
#include "lib/http/sse.h"
#include "sandbox/providers/anthropic.h"
#include "tests/integration/sandbox/providers_fixture.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using Kind = Fault::Kind;
using Moment = Fault::Moment;

constexpr absl::Duration kPatience = absl::Milliseconds(600);
constexpr absl::Duration kLate = absl::Milliseconds(150);

constexpr Moment kMoments[] = {Moment::kConnect, Moment::kFirstByte, Moment::kMidStream,
                               Moment::kEnd};
constexpr std::string_view kKinds[] = {"status",     "drop",    "hang", "slow",
                                       "half_frame", "garbage", "close"};
constexpr std::string_view kMomentNames[] = {"Connect", "FirstByte", "MidStream", "End"};

std::string NameOf(const ::testing::TestParamInfo<Moment>& info) {
  return std::string(kMomentNames[static_cast<size_t>(info.param)]);
}

// What a client saw until its end.
struct Seen {
  std::vector<std::string> types;  // Of events or messages.
  std::string text;
  absl::Status end;  // OK: the answer came whole.
  absl::Duration took;

  bool Has(std::string_view type) const { return std::ranges::find(types, type) != types.end(); }
};

// One moment; the kinds come one after another.
class FaultMatrixTest : public ProvidersFixture, public ::testing::WithParamInterface<Moment> {
 protected:
  // When the client has gone, nothing is left of its connection: this would never end otherwise.
  ~FaultMatrixTest() override {
    client_.reset();
    while (server_->connections() > 0) io_.run_one();
  }

  // Calls `check(kind)` for each kind, armed once at `provider`.
  template <typename Check>
  void ForEachKind(Provider provider, const Check& check) {
    for (size_t i = 0; i < std::size(kKinds); ++i) {
      SCOPED_TRACE(kKinds[i]);
      Fault fault;
      fault.provider = provider;
      fault.who = "good";
      fault.moment = GetParam();
      fault.kind = static_cast<Kind>(i);
      fault.status = 529;
      fault.close_code = 4001;
      fault.reason = "fault";
      fault.delay = kLate;
      stage_.AddFault(fault);
      check(fault.kind);
    }
  }
};

absl::Duration PatienceWith(Kind kind) {
  return kind == Kind::kHang ? kPatience : absl::Seconds(20);
}

Task<absl::Status> ReadEvents(http::Client& client, http::Request request, http::Limits limits,
                              Seen& seen) {
  absl::StatusOr<std::unique_ptr<http::BodyStream>> body = co_await client.Open(request, limits);
  if (!body.ok()) co_return body.status();
  if ((*body)->status() != 200) {
    seen.types.push_back(std::to_string((*body)->status()));
    co_return absl::OkStatus();
  }
  http::SseReader reader(**body);
  while (true) {
    absl::StatusOr<std::optional<http::SseEvent>> event = co_await reader.Next();
    if (!event.ok()) co_return event.status();
    if (!event->has_value()) co_return absl::OkStatus();
    seen.types.push_back((*event)->event);
    seen.text += TextAt(json::parse((*event)->data), "/delta/text");
  }
}

class SseFaultTest : public FaultMatrixTest {
 protected:
  Seen Ask(absl::Duration patience) {
    Seen seen;
    const std::string body =
        R"({"model":"claude-haiku-5-5","max_tokens":300,"stream":true,)"
        R"("thinking":{"type":"disabled"},"messages":[{"role":"user","content":"Hi"}]})";
    const absl::Time start = clock_.Now();
    seen.end = Await(
        io_, WithDeadline(ReadEvents(*client_, Post("/v1/messages", body, good_), limits_, seen),
                          patience));
    seen.took = clock_.Now() - start;
    return seen;
  }
};

void CheckStream(Moment moment, Kind kind, const Seen& seen) {
  if (kind == Kind::kStatus && moment == Moment::kConnect) {
    EXPECT_EQ(seen.types, std::vector<std::string>{"529"});
  } else if (kind == Kind::kStatus) {
    EXPECT_THAT(seen.end, IsOk());
    EXPECT_EQ(seen.types.back(), "error");
  } else if (kind == Kind::kSlow) {
    EXPECT_THAT(seen.end, IsOk());
    EXPECT_EQ(seen.types.back(), "message_stop");
    EXPECT_GE(seen.took, kLate);
  } else if (kind == Kind::kHang) {
    EXPECT_THAT(seen.end, StatusIs(absl::StatusCode::kDeadlineExceeded));
  } else {
    EXPECT_THAT(seen.end, StatusIs(absl::StatusCode::kUnavailable));
  }
  EXPECT_EQ(seen.Has("message_stop"), kind == Kind::kSlow);
  const bool begun = moment == Moment::kMidStream || moment == Moment::kEnd;
  EXPECT_EQ(seen.Has("message_start"), begun || kind == Kind::kSlow);
  if (kind != Kind::kSlow) {
    EXPECT_EQ(seen.text, moment == Moment::kEnd         ? "We are open on Friday."
                         : moment == Moment::kMidStream ? "We"
                                                        : "");
  }
}

TEST_P(SseFaultTest, IsWhatTheClientSeesOnce) {
  ForEachKind(Provider::kAnthropic, [&](Kind kind) {
    CheckStream(GetParam(), kind, Ask(PatienceWith(kind)));
    EXPECT_EQ(Ask(PatienceWith(Kind::kDrop)).types.back(), "message_stop");
  });
}

INSTANTIATE_TEST_SUITE_P(Matrix, SseFaultTest, ::testing::ValuesIn(kMoments), NameOf);

Task<absl::Status> ReadMessages(http::Websocket& websocket, Seen& seen) {
  while (true) {
    absl::StatusOr<http::Message> message = co_await websocket.Read();
    if (!message.ok()) co_return message.status();
    boost::system::error_code error;
    const json::value value = json::parse(message->data, error);
    seen.types.push_back(error ? "no json" : TextAt(value, "/type"));
    if (seen.types.back() == "done") co_return absl::OkStatus();
    if (seen.types.back() == "error") co_return absl::OkStatus();
  }
}

class SocketFaultTest : public FaultMatrixTest {
 protected:
  Seen Speak(absl::Duration patience) {
    Seen seen;
    const absl::Time start = clock_.Now();
    absl::StatusOr<std::unique_ptr<http::Websocket>> websocket = Open(patience);
    seen.end = websocket.status();
    if (websocket.ok()) {
      const std::string request =
          R"({"model_id":"sonic-3.5","voice":"v","context_id":"c","transcript":"Good morning.",)"
          R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000}})";
      absl::Status asked = Await(io_, (*websocket)->WriteText(request));
      asked.IgnoreError();  // A connection that closed at once says why when it is read.
      seen.end = Await(io_, WithDeadline(ReadMessages(**websocket, seen), patience));
    }
    seen.took = clock_.Now() - start;
    return seen;
  }

 private:
  absl::StatusOr<std::unique_ptr<http::Websocket>> Open(absl::Duration patience) {
    http::WebsocketLimits limits;
    limits.connect = patience;
    const http::Headers headers = {{"cartesia-version", "2026-08-14"}};
    const std::optional<http::SecretHeader> secret = http::SecretHeader::Bearer(good_);
    const http::Url url = UrlOf("/tts/websocket").AsWebsocket();
    return Await(io_, http::ConnectWebsocket(*tls_, url, headers, secret, limits));
  }
};

void CheckSocket(Moment moment, Kind kind, const Seen& seen) {
  if (kind == Kind::kStatus && moment == Moment::kConnect) {
    EXPECT_THAT(seen.end, StatusIs(absl::StatusCode::kUnavailable, "upgrade_refused"));
  } else if (kind == Kind::kStatus) {
    EXPECT_THAT(seen.end, IsOk());
    EXPECT_EQ(seen.types.back(), "error");
  } else if (kind == Kind::kSlow) {
    EXPECT_THAT(seen.end, IsOk());
    EXPECT_GE(seen.took, kLate);
  } else if (kind == Kind::kHang) {
    EXPECT_THAT(seen.end, StatusIs(absl::StatusCode::kDeadlineExceeded));
  } else if (kind == Kind::kClose) {
    EXPECT_THAT(seen.end, StatusIs(absl::StatusCode::kUnavailable, "closed"));
    EXPECT_EQ(Metadata(seen.end)["close_code"], "4001");
    EXPECT_EQ(Metadata(seen.end)["close_reason"], "fault");
  } else {
    EXPECT_THAT(seen.end, StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
  }
  EXPECT_EQ(seen.Has("done"), kind == Kind::kSlow);
  EXPECT_EQ(seen.Has("no json"), kind == Kind::kGarbage && moment != Moment::kConnect);
  const bool begun = moment == Moment::kMidStream || moment == Moment::kEnd;
  EXPECT_EQ(seen.Has("chunk"), begun || kind == Kind::kSlow);
}

TEST_P(SocketFaultTest, IsWhatTheClientSeesOnce) {
  ForEachKind(Provider::kCartesia, [&](Kind kind) {
    CheckSocket(GetParam(), kind, Speak(PatienceWith(kind)));
    EXPECT_EQ(Speak(PatienceWith(Kind::kDrop)).types.back(), "done");
  });
}

INSTANTIATE_TEST_SUITE_P(Matrix, SocketFaultTest, ::testing::ValuesIn(kMoments), NameOf);

// An answer that is not streamed: its head, half of its body, or its last byte.
class WholeFaultTest : public FaultMatrixTest {
 protected:
  absl::StatusOr<http::Response> List(absl::Duration patience) {
    http::Request request("GET", UrlOf("/v1/models"));
    request.headers.Set("anthropic-version", "2023-06-01");
    request.secret = http::SecretHeader::Bearer(good_);
    limits_.total = patience;
    // A kept connection would be replaced by a new one without an error.
    client_ = std::make_unique<http::Client>(io_.get_executor(), *tls_);
    return Send(request);
  }
};

void CheckWhole(Moment moment, Kind kind, const absl::StatusOr<http::Response>& response) {
  const bool early = moment == Moment::kConnect || moment == Moment::kFirstByte;
  if (kind == Kind::kSlow) {
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->status, 200);
  } else if (kind == Kind::kStatus && early) {
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->status, 529);
  } else if (kind == Kind::kHang) {
    EXPECT_THAT(response, StatusIs(absl::StatusCode::kDeadlineExceeded));
  } else if (kind == Kind::kGarbage && moment == Moment::kEnd) {
    ASSERT_THAT(response, IsOk());  // Its last byte is not the answer's.
    boost::system::error_code error;
    json::parse(response->body, error);
    EXPECT_TRUE(error);
  } else {
    EXPECT_THAT(response, StatusIs(absl::StatusCode::kUnavailable));
  }
}

TEST_P(WholeFaultTest, IsWhatTheClientSees) {
  ForEachKind(Provider::kAnthropic, [&](Kind kind) {
    const absl::Time start = clock_.Now();
    CheckWhole(GetParam(), kind, List(PatienceWith(kind)));
    if (kind == Kind::kSlow) EXPECT_GE(clock_.Now() - start, kLate);
  });
}

INSTANTIATE_TEST_SUITE_P(Matrix, WholeFaultTest, ::testing::ValuesIn(kMoments), NameOf);

class HangTest : public ProvidersFixture {};

TEST_F(HangTest, DoesNotHoldUpTheServersEnd) {
  Arm(Provider::kCartesia, Moment::kFirstByte, Kind::kHang);
  auto websocket = Connect(UrlOf("/tts/websocket"), http::SecretHeader::Bearer(good_));
  ASSERT_THAT(websocket, IsOk());
  const std::string request =
      R"({"model_id":"sonic-3.5","voice":"v","context_id":"c","transcript":"Good morning.",)"
      R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000}})";
  ASSERT_THAT(Await(io_, (*websocket)->WriteText(request)), IsOk());
  ASSERT_THAT(Await(io_, WithDeadline((*websocket)->Read(), kPatience)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));

  const absl::Time before = clock_.Now();
  Await(io_, server_->Stop(absl::ZeroDuration()));

  EXPECT_LT(clock_.Now() - before, absl::Seconds(3));
  EXPECT_EQ(server_->connections(), 0u);
}

}  // namespace
}  // namespace latchkey::sandbox
