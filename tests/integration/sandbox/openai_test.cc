#include "sandbox/providers/openai.h"

#include "lib/base/deadline.h"
#include "tests/integration/sandbox/providers_fixture.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = Fault::Kind;
using Moment = Fault::Moment;

constexpr char kAsk[] = R"({"type":"response.create","response":{"output_modalities":["text"],)"
                        R"("instructions":"Say one two three."}})";

class OpenaiTest : public ProvidersFixture {
 protected:
  OpenaiTest() {
    Scenario scenario = *stage_.scenario();
    scenario.keys[Provider::kOpenai] = {
        {.key = "good"},
        {.key = "busy", .status = 429},
        {.key = "unfunded", .status = 429, .code = "insufficient_quota"}};
    stage_.Play(std::move(scenario));
  }

  absl::StatusOr<std::unique_ptr<http::Websocket>> Open(const Secret& key) {
    const http::Url url = UrlOf("/v1/realtime", {{"model", "gpt-realtime-2.1"}});
    return Connect(url, http::SecretHeader::Bearer(key));
  }

  // Asks for a response in a new session, and reads until it is done or the connection has ended.
  std::vector<std::string> Ask() {
    auto websocket = Open(good_);
    EXPECT_THAT(websocket, IsOk());
    EXPECT_THAT(Await(io_, (*websocket)->WriteText(kAsk)), IsOk());
    std::vector<std::string> types;
    while (types.empty() || (types.back() != "rate_limits.updated" && types.back() != "error")) {
      absl::StatusOr<http::Message> message = Await(io_, (*websocket)->Read());
      end_ = message.status();
      if (!message.ok()) break;
      boost::system::error_code garbage;
      last_ = json::parse({message->data.data(), message->data.size()}, garbage);
      types.push_back(garbage ? "garbage" : TextAt(last_, "/type"));
      if (types.back() == "response.done") done_ = last_;
    }
    return types;
  }

  absl::StatusOr<http::Response> Get(std::string_view path, const http::SecretHeader& key,
                                     bool of_anthropic = false) {
    http::Request request("GET", UrlOf(path));
    if (of_anthropic) request.headers.Set("anthropic-version", "2023-06-01");
    request.secret = key;
    return Send(request);
  }

  json::value last_, done_;
  absl::Status end_;
};

TEST_F(OpenaiTest, WhoAsksForModelsShowsByItsHeaders) {
  const auto openai = Get("/v1/models", http::SecretHeader::Bearer(good_));
  const auto anthropic = Get("/v1/models", http::SecretHeader("x-api-key", "", good_), true);
  const auto bearer = Get("/v1/models", http::SecretHeader::Bearer(good_), true);

  EXPECT_THAT(openai->body, HasSubstr("gpt-realtime-2.1"));
  EXPECT_THAT(anthropic->body, HasSubstr("claude"));
  EXPECT_THAT(bearer->body, HasSubstr("claude"));
}

TEST_F(OpenaiTest, AWrongKeyIsAnAcceptedHandshakeAnErrorAndAClose) {
  auto websocket = Open(unknown_);

  ASSERT_THAT(websocket, IsOk());
  EXPECT_EQ(TextAt(Read(**websocket), "/error/code"), "invalid_api_key");
  const auto end = Await(io_, (*websocket)->Read());
  EXPECT_EQ(Metadata(end.status())["close_code"], "3000");
  EXPECT_EQ(Metadata(end.status())["close_reason"], "invalid_request_error.invalid_api_key");
}

TEST_F(OpenaiTest, NoCreditDoesNotShowOnTheFreeRoutes) {
  EXPECT_EQ(Get("/v1/models", http::SecretHeader::Bearer(unfunded_))->status, 200);
  EXPECT_EQ(Get("/v1/models", http::SecretHeader::Bearer(busy_))->status, 429);

  auto websocket = Open(unfunded_);

  ASSERT_THAT(websocket, IsOk());
  EXPECT_EQ(TextAt(Read(**websocket), "/error/code"), "insufficient_quota");
  EXPECT_EQ(Metadata(Await(io_, (*websocket)->Read()).status())["close_code"], "1013");
}

TEST_F(OpenaiTest, BinaryMessagesAreRefusedAndTheSessionGoesOn) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  EXPECT_EQ(TextAt(Read(**websocket), "/type"), "session.created");

  EXPECT_THAT(Await(io_, (*websocket)->WriteBinary("audio")), IsOk());

  EXPECT_EQ(TextAt(Read(**websocket), "/error/code"), "invalid_event");
  EXPECT_THAT(Await(io_, (*websocket)->WriteText(kAsk)), IsOk());
  EXPECT_EQ(TextAt(Read(**websocket), "/type"), "response.created");
}

TEST_F(OpenaiTest, FaultsAtTheHandshake) {
  Arm(Provider::kOpenai, Moment::kConnect, Kind::kStatus, 503);
  const auto refused = Open(good_);
  Arm(Provider::kOpenai, Moment::kConnect, Kind::kClose);
  auto closed = Open(good_);

  EXPECT_EQ(Metadata(refused.status())["http_status"], "503");
  EXPECT_THAT(Metadata(refused.status())["http_body"], HasSubstr("server_is_overloaded"));
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(Metadata(Await(io_, (*closed)->Read()).status())["close_code"], "1011");
}

TEST_F(OpenaiTest, AStatusInTheMiddleIsAFailedResponse) {
  for (const Moment moment : {Moment::kFirstByte, Moment::kMidStream}) {
    Arm(Provider::kOpenai, moment, Kind::kStatus, 429);
    const std::vector<std::string> types = Ask();

    const bool begun = moment == Moment::kMidStream;
    EXPECT_EQ(std::ranges::count(types, "response.output_item.added"), begun ? 1 : 0);
    EXPECT_THAT(types, Not(Contains("response.output_text.done")));
    EXPECT_EQ(TextAt(done_, "/response/status"), "failed");
    EXPECT_EQ(TextAt(done_, "/response/status_details/error/code"), "rate_limit_exceeded");
    EXPECT_EQ(types.back(), "rate_limits.updated");
  }
}

TEST_F(OpenaiTest, AnErrorInPlaceOfTheEnd) {
  Arm(Provider::kOpenai, Moment::kEnd, Kind::kStatus, 500);
  const std::vector<std::string> types = Ask();

  EXPECT_THAT(types, Contains("response.output_item.done"));
  EXPECT_THAT(types, Not(Contains("response.done")));
  EXPECT_EQ(TextAt(last_, "/error/code"), "server_error");
}

TEST_F(OpenaiTest, ConnectionsThatBreak) {
  for (const Moment moment : {Moment::kFirstByte, Moment::kMidStream, Moment::kEnd}) {
    for (const Kind kind : {Kind::kDrop, Kind::kHalfFrame, Kind::kGarbage, Kind::kClose}) {
      Arm(Provider::kOpenai, moment, kind);
      const std::vector<std::string> types = Ask();

      EXPECT_THAT(types, Not(Contains("response.done")));
      EXPECT_EQ(std::ranges::count(types, "garbage"), kind == Kind::kGarbage ? 1 : 0);
      EXPECT_EQ(Reason(end_) == "closed", kind == Kind::kClose) << end_.ToString();
      EXPECT_FALSE(end_.ok());
    }
  }
}

TEST_F(OpenaiTest, ASlowOneIsLateWithEachPieceAndWhole) {
  Fault slow;
  slow.provider = Provider::kOpenai;
  slow.moment = Moment::kFirstByte;
  slow.kind = Kind::kSlow;
  slow.delay = absl::Milliseconds(20);
  stage_.AddFault(slow);
  const absl::Time begin = clock_.Now();
  const std::vector<std::string> types = Ask();

  EXPECT_EQ(TextAt(done_, "/response/status"), "completed");
  EXPECT_GT(types.size(), 10u);
  EXPECT_GE(clock_.Now() - begin, absl::Milliseconds(20) * 10);
}

TEST_F(OpenaiTest, AHangIsSilence) {
  Arm(Provider::kOpenai, Moment::kMidStream, Kind::kHang);
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  ASSERT_THAT(Await(io_, (*websocket)->WriteText(kAsk)), IsOk());
  ReadUntil(**websocket, "response.output_text.delta");

  EXPECT_THAT(Await(io_, WithDeadline((*websocket)->Read(), absl::Milliseconds(50))),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

}  // namespace
}  // namespace latchkey::sandbox
