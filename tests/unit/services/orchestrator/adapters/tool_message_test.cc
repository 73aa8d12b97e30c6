#include "services/orchestrator/adapters/tool_message.h"

#include <gtest/gtest.h>

#include "services/orchestrator/adapters/tool_rows.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

v1::Agent AgentWith(const std::string& parameters) {
  v1::Agent agent;
  type::v1::Tool& tool = *agent.add_tools();
  tool.set_name("find_slot");
  tool.set_parameters(parameters);
  return agent;
}

TEST(ToolMessageTest, ParametersAreTheSchemaOfAnObject) {
  for (const char* text : {"x", "[]", "1", "{}", R"({"type":"string"})", R"({"type":)"}) {
    EXPECT_THAT(ParseTools(AgentWith(text)),
                StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"))
        << text;
  }
  EXPECT_THAT(ParseTools(AgentWith(R"({"type":"object"})")), IsOk());
}

TEST(ToolMessageTest, AToolThatTakesNothingNeedsNoSchema) {
  const absl::StatusOr<std::vector<Tool>> tools = ParseTools(AgentWith(""));

  ASSERT_THAT(tools, IsOk());
  EXPECT_EQ(tools->front().parameters, R"({"type":"object","properties":{}})");
  EXPECT_EQ(tools->front().timeout, kToolTimeout);
}

TEST(ToolRowsTest, WhatIsWrittenIsReadBack) {
  const std::vector<Tool> tools = {{.name = "a",
                                    .description = "Says \"hello\".",
                                    .parameters = R"({"type":"object"})",
                                    .url = "https://tools.example/a?b=c",
                                    .timeout = absl::Milliseconds(1'500),
                                    .filler = "Einen Moment, bitte: ä."}};
  const std::vector<TransferTarget> targets = {{"desk", "+14155550100"}};

  EXPECT_EQ(ReadTools(ToolsJson(tools)), tools);
  EXPECT_EQ(ReadTransferTargets(TransferTargetsJson(targets)), targets);
}

}  // namespace
}  // namespace latchkey::orchestrator
