// The prober of OpenAI's keys against OpenAI's stand-in: one judges what the other tells.
#include "services/validator/providers/openai.h"
#include "tests/integration/sandbox/providers_fixture.h"

namespace latchkey::validator {
namespace {

using sandbox::Fault;
using sandbox::OpenaiQuirks;

class OpenaiSandboxTest : public sandbox::ProvidersFixture {
 protected:
  OpenaiSandboxTest() {
    Change([](sandbox::Scenario& scenario) {
      scenario.keys[sandbox::Provider::kOpenai] = {
          {.key = "good"},
          {.key = "revoked", .status = 401},
          {.key = "restricted", .status = 403, .code = "insufficient_scope"},
          {.key = "denied", .status = 403, .code = "model_not_found"},
          {.key = "unfunded", .status = 429, .code = "insufficient_quota"},
          {.key = "deactivated", .status = 403, .code = "account_deactivated"},
          {.key = "busy", .status = 429}};
    });
  }

  absl::StatusOr<Verdict> Probe(std::string_view key, std::string model = "") {
    OpenaiProber prober(*client_, *tls_, UrlOf(""));
    Candidate candidate;
    candidate.PutSecret("api_key", Secret(key));
    candidate.set_model(std::move(model));
    return Await(io_, prober.Probe(candidate));
  }

  Rejection WhyNot(std::string_view key, std::string model = "") {
    const absl::StatusOr<Verdict> verdict = Probe(key, std::move(model));
    EXPECT_THAT(verdict, IsOk());
    return verdict.ok() ? verdict->rejection : Rejection::kNone;
  }

  void Quirk(OpenaiQuirks::Refusal refusal) {
    Change([refusal](sandbox::Scenario& scenario) {
      scenario.quirks.openai.model_denied = refusal;
      scenario.quirks.openai.no_credit = refusal;
    });
  }
};

TEST_F(OpenaiSandboxTest, AGoodKeyHoldsAConversation) {
  const absl::StatusOr<Verdict> verdict = Probe("good");

  ASSERT_THAT(verdict, IsOk());
  EXPECT_TRUE(verdict->valid()) << verdict->message;
  EXPECT_EQ(stage_.JournalJson(),
            R"([{"provider":"openai","entry":{"realtime":"gpt-realtime-2.1"}}])");
}

TEST_F(OpenaiSandboxTest, EachKindOfBadKeyIsToldApart) {
  for (const auto refusal :
       {OpenaiQuirks::Refusal::kClose, OpenaiQuirks::Refusal::kFailedResponse}) {
    Quirk(refusal);
    EXPECT_EQ(WhyNot("unknown"), Rejection::kInvalidKey);
    EXPECT_EQ(WhyNot("revoked"), Rejection::kInvalidKey);
    EXPECT_EQ(WhyNot("restricted"), Rejection::kInsufficientScope);
    EXPECT_EQ(WhyNot("denied"), Rejection::kModelNotFound);
    EXPECT_EQ(WhyNot("unfunded"), Rejection::kNoCredit);
    EXPECT_EQ(WhyNot("deactivated"), Rejection::kAccountSuspended);
  }
}

TEST_F(OpenaiSandboxTest, TheModelOfTheNumberIsTheOneThatIsTried) {
  EXPECT_TRUE(Probe("good", "gpt-realtime-2.1-mini")->valid());
  EXPECT_EQ(WhyNot("good", "gpt-realtime-mini"), Rejection::kModelNotFound);
  EXPECT_EQ(WhyNot("good", "gpt-9"), Rejection::kModelNotFound);
}

TEST_F(OpenaiSandboxTest, WhatIsNotAboutTheKeyIsNoVerdict) {
  EXPECT_THAT(Probe("busy"), StatusIs(absl::StatusCode::kUnavailable, "provider_rate_limited"));
  for (const Fault::Kind kind : {Fault::Kind::kStatus, Fault::Kind::kDrop, Fault::Kind::kHalfFrame,
                                 Fault::Kind::kGarbage, Fault::Kind::kClose}) {
    Fault fault;
    fault.provider = sandbox::Provider::kOpenai;
    fault.moment = Fault::Moment::kMidStream;
    fault.kind = kind;
    fault.after = 1;  // The list of models passes.
    stage_.AddFault(fault);
    EXPECT_THAT(Probe("good"), StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));
  }
}

}  // namespace
}  // namespace latchkey::validator
