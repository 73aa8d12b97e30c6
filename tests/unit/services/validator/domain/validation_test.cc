#include "services/validator/domain/validation.h"

#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/support/await.h"
#include "tests/support/status_matchers.h"

namespace latchkey::validator {
namespace {

// Answers what it is told to, and counts.
class FakeProber final : public Prober {
 public:
  Task<absl::StatusOr<Verdict>> Probe(const Candidate&) override {
    ++probes;
    co_return verdict;
  }

  absl::StatusOr<Verdict> verdict = Verdict::Valid();
  int probes = 0;
};

class ValidationTest : public testing::Test {
 protected:
  absl::StatusOr<Verdict> Probe(Provider provider) {
    return Await(validation_.Probe(provider, candidate_));
  }

  FakeProber deepgram_, twilio_;
  Validation validation_{{{Provider::kDeepgram, &deepgram_}, {Provider::kTwilio, &twilio_}}};
  Candidate candidate_;
};

TEST_F(ValidationTest, TheVerdictIsTheProviders) {
  candidate_.PutSecret("api_key", Secret("0123456789"));
  deepgram_.verdict = Verdict::Rejected(Rejection::kNoCredit, "Add credit.");

  absl::StatusOr<Verdict> verdict = Probe(Provider::kDeepgram);

  ASSERT_THAT(verdict, IsOk());
  EXPECT_EQ(verdict->rejection, Rejection::kNoCredit);
  EXPECT_EQ(twilio_.probes, 0);
}

TEST_F(ValidationTest, AnErrorIsNoVerdict) {
  candidate_.PutSecret("api_key", Secret("0123456789"));
  deepgram_.verdict = Error(absl::StatusCode::kUnavailable, "provider_unreachable", "Later.");

  EXPECT_THAT(Probe(Provider::kDeepgram),
              StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));
}

TEST_F(ValidationTest, AKeyWithoutARequiredFieldIsNotProbed) {
  candidate_.PutText("account_sid", "AC00112233445566778899aabbccddeeff");

  EXPECT_THAT(Probe(Provider::kTwilio),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
  EXPECT_THAT(Probe(Provider::kDeepgram),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
  EXPECT_EQ(twilio_.probes + deepgram_.probes, 0);
}

TEST_F(ValidationTest, AProviderWithoutAProberIsSaid) {
  candidate_.PutSecret("api_key", Secret("0123456789"));

  EXPECT_THAT(Probe(Provider::kOpenai),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

}  // namespace
}  // namespace latchkey::validator
