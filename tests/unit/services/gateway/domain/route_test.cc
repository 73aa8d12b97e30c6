#include "services/gateway/domain/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/status_matchers.h"

namespace latchkey::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RouteTest, FindsAnOperationAndWhatStandsInItsBraces) {
  const absl::StatusOr<Route> route = FindRoute("GET", "/v1/calls/call_1/transcript");

  ASSERT_THAT(route, IsOk());
  EXPECT_EQ(route->operation, Operation::kGetTranscript);
  EXPECT_THAT(route->parameters, ElementsAre("call_1"));
}

TEST(RouteTest, TellsMethodsOfOnePathApart) {
  EXPECT_EQ(FindRoute("POST", "/v1/calls")->operation, Operation::kPlaceCall);
  EXPECT_EQ(FindRoute("GET", "/v1/calls")->operation, Operation::kListCalls);
  EXPECT_THAT(FindRoute("GET", "/v1/calls")->parameters, IsEmpty());
}

TEST(RouteTest, TellsOneNumbersKeyFromThatOfMany) {
  const absl::StatusOr<Route> one = FindRoute("POST", "/v1/numbers/num_1/byok/key");
  const absl::StatusOr<Route> many = FindRoute("POST", "/v1/numbers/byok/key");

  ASSERT_THAT(one, IsOk());
  EXPECT_EQ(one->operation, Operation::kPutNumberKey);
  EXPECT_THAT(one->parameters, ElementsAre("num_1"));
  ASSERT_THAT(many, IsOk());
  EXPECT_EQ(many->operation, Operation::kPutNumberKeys);
  EXPECT_EQ(FindRoute("DELETE", "/v1/numbers/num_1/byok/key")->operation,
            Operation::kDeleteNumberKey);
  EXPECT_EQ(FindRoute("POST", "/v1/numbers/num_1/byok/test")->operation, Operation::kTestNumberKey);
}

TEST(RouteTest, SaysWhichMethodsAnAddressTakes) {
  const absl::StatusOr<Route> route = FindRoute("PATCH", "/v1/calls");

  EXPECT_THAT(route, StatusIs(absl::StatusCode::kUnimplemented, "method_not_allowed"));
  EXPECT_EQ(Metadata(route.status())["allow"], "POST, GET");
}

TEST(RouteTest, RefusesAddressesThatAreNotThere) {
  for (const char* path : {"", "/", "/v1", "/v1/keys/", "/v1/calls//transcript", "/v1/calls/a/b/c",
                           "/v2/keys", "v1/keys", "/v1/keysx"}) {
    EXPECT_THAT(FindRoute("GET", path), StatusIs(absl::StatusCode::kNotFound, "route_not_found"))
        << path;
  }
}

TEST(RouteTest, NamesEveryOperationOnce) {
  std::set<Operation> seen;
  for (const RouteLine& line : Routes()) {
    EXPECT_TRUE(seen.insert(line.operation).second) << line.pattern;
  }
}

}  // namespace
}  // namespace latchkey::gateway
