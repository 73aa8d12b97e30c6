#include "services/gateway/adapters/inbound_view.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "lib/base/error.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;

TEST(InboundViewTest, ANumberWhoseCarrierKnowsIsConfigured) {
  EXPECT_EQ(InboundView(absl::OkStatus()), json::parse(R"({"configured": true})"));
}

TEST(InboundViewTest, WhyNotIsToldAsTheServiceBehindSaysIt) {
  const absl::Status told =
      Error(absl::StatusCode::kFailedPrecondition, "number_not_owned", "It is another account's.");

  EXPECT_EQ(InboundView(told), json::parse(R"({"configured": false, "reason": "number_not_owned",
      "message": "It is another account's."})"));
}

TEST(InboundViewTest, ASilenceIsToldWithWhatToDo) {
  const json::object view = InboundView(absl::DeadlineExceededError("deadline"));

  EXPECT_EQ(view.at("configured"), false);
  EXPECT_EQ(view.at("reason"), "carrier_not_told");
  EXPECT_NE(view.at("message").as_string().find("/configure"), json::string::npos);
}

}  // namespace
}  // namespace latchkey::gateway
