#include "services/orchestrator/domain/tool_runs.h"

#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_number_store.h"
#include "tests/support/orchestrator/fake_tool_endpoint.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

class ToolRunsTest : public ::testing::Test {
 protected:
  ToolRunsTest() {
    EXPECT_THAT(Await(tenants_.Create(SampleTenant("one"), "r1")), IsOk());
    EXPECT_THAT(Await(numbers_.Create(number_, "r2")), IsOk());
  }

  absl::StatusOr<std::string> Run(const std::string& tool, const std::string& invocation = "inv_1",
                                  const std::string& tenant = "one") {
    const WantedRun wanted{.tenant = SampleTenantId(tenant),
                           .number = number_.id,
                           .call = *CallId::Parse("call_1"),
                           .invocation_id = invocation,
                           .tool = tool,
                           .arguments = R"({"day":"monday"})"};
    return Await(runs_.Run(wanted));
  }

  FakeTenantStore tenants_;
  FakeNumberStore numbers_{tenants_};
  FakeToolEndpoint endpoint_;
  Number number_ = SampleNumber(SampleTenantId("one"), "a", "+14155550100");
  ToolRuns runs_{numbers_, endpoint_};
};

TEST_F(ToolRunsTest, RunsTheToolAtTheAddressThatTheTenantGaveIt) {
  endpoint_.answer = "10 o'clock";

  EXPECT_THAT(Run("find_slot"), IsOkAndHolds("10 o'clock"));

  ASSERT_EQ(endpoint_.calls.size(), 1u);
  EXPECT_EQ(endpoint_.calls[0].tool.url, "https://tools.example/find-slot");
  EXPECT_EQ(endpoint_.calls[0].arguments, R"({"day":"monday"})");
  EXPECT_EQ(endpoint_.calls[0].invocation_id, "inv_1");
}

TEST_F(ToolRunsTest, AToolThatTheAgentDoesNotHaveIsNotRun) {
  EXPECT_THAT(Run("delete_all"), StatusIs(absl::StatusCode::kNotFound, "tool_not_found"));
  EXPECT_THAT(Run("find_slot", "inv_1", "two"),
              StatusIs(absl::StatusCode::kNotFound, "number_not_found"));
  EXPECT_TRUE(endpoint_.calls.empty());
}

TEST_F(ToolRunsTest, WhatBecomesAHeaderHasNothingInItThatASignatureWouldMisread) {
  for (const char* id : {"", "a.b", "a\r\nx: y", "a b"}) {
    EXPECT_THAT(Run("find_slot", id),
                StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
  }
  EXPECT_TRUE(endpoint_.calls.empty());
}

TEST_F(ToolRunsTest, AFailureIsTheCallersToKnow) {
  endpoint_.answer = absl::UnavailableError("down");

  EXPECT_THAT(Run("find_slot"), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace latchkey::orchestrator
