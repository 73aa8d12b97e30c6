#include "services/orchestrator/domain/tool.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Tool FindSlot() {
  return {.name = "find_slot",
          .description = "Finds a free appointment.",
          .parameters = R"({"type":"object"})",
          .url = "https://tools.example/find-slot"};
}

absl::Status Check(const Tool& tool) { return Validate(std::vector<Tool>{tool}); }

TEST(ToolTest, AToolWithEverythingItNeedsIsTaken) { EXPECT_THAT(Check(FindSlot()), IsOk()); }

TEST(ToolTest, ANameIsWhatProvidersTakeAndNotABuiltInOne) {
  for (const char* name : {"", "Find", "1st", "find-slot", "find slot", "_x", "end_call",
                           "transfer_call", "send_dtmf"}) {
    Tool tool = FindSlot();
    tool.name = name;
    EXPECT_THAT(Check(tool), StatusIs(kInvalid, "malformed_request")) << name;
  }
  Tool tool = FindSlot();
  tool.name = std::string(65, 'a');
  EXPECT_THAT(Check(tool), StatusIs(kInvalid, "malformed_request"));
}

TEST(ToolTest, AnAddressIsHttps) {
  for (const char* url : {"", "http://tools.example", "file:///etc/passwd", "tools.example"}) {
    Tool tool = FindSlot();
    tool.url = url;
    EXPECT_THAT(Check(tool), StatusIs(kInvalid, "malformed_request")) << url;
  }
}

TEST(ToolTest, SizesAndTimesAreBounded) {
  Tool tool = FindSlot();
  tool.description = "";
  EXPECT_THAT(Check(tool), StatusIs(kInvalid));
  tool.description = std::string(1'001, 'x');
  EXPECT_THAT(Check(tool), StatusIs(kInvalid));
  tool = FindSlot();
  tool.parameters = std::string(4'001, 'x');
  EXPECT_THAT(Check(tool), StatusIs(kInvalid));
  tool = FindSlot();
  tool.timeout = absl::Seconds(16);
  EXPECT_THAT(Check(tool), StatusIs(kInvalid));
  tool = FindSlot();
  tool.filler = std::string(201, 'x');
  EXPECT_THAT(Check(tool), StatusIs(kInvalid));
}

TEST(ToolTest, SixteenToolsOfDifferentNamesFitAndNoMore) {
  std::vector<Tool> tools;
  for (int i = 0; i < 16; ++i) {
    tools.push_back(FindSlot());
    tools.back().name += std::to_string(i);
  }
  EXPECT_THAT(Validate(tools), IsOk());
  tools.push_back(FindSlot());
  EXPECT_THAT(Validate(tools), StatusIs(kInvalid));
  EXPECT_THAT(Validate(std::vector<Tool>{FindSlot(), FindSlot()}), StatusIs(kInvalid));
}

TEST(ToolTest, AllOfThemTogetherFitIntoOneRequest) {
  std::vector<Tool> tools;
  for (int i = 0; i < 7; ++i) {
    tools.push_back(FindSlot());
    tools.back().name += std::to_string(i);
    tools.back().parameters = std::string(4'000, 'x');
  }
  EXPECT_THAT(Validate(tools), StatusIs(kInvalid));
}

TEST(ToolTest, ATransferTargetHasANameAndANumber) {
  using Targets = std::vector<TransferTarget>;
  EXPECT_THAT(Validate(Targets{{"front_desk", "+14155550100"}}), IsOk());
  EXPECT_THAT(Validate(Targets{{"Front Desk", "+14155550100"}}), StatusIs(kInvalid));
  EXPECT_THAT(Validate(Targets{{"front_desk", "911"}}), StatusIs(kInvalid));
  EXPECT_THAT(Validate(Targets{{"a", "+14155550100"}, {"a", "+14155550101"}}), StatusIs(kInvalid));
}

}  // namespace
}  // namespace latchkey::orchestrator
