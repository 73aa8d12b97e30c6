#include "sandbox/providers/deepgram_refusal.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

TEST(DeepgramRefusalTest, HasACodeAndAMessageInBodyAndHeader) {
  Fault fault;
  fault.status = 401;
  const http::Response response = DeepgramRefusal(fault);

  const json::value body = json::parse(response.body);
  EXPECT_EQ(body.at("err_code"), "INVALID_AUTH");
  EXPECT_EQ(body.at("err_msg"), "Invalid credentials.");
  EXPECT_EQ(response.headers.Get("dg-error"), "Invalid credentials.");
  EXPECT_TRUE(response.headers.Has("dg-request-id"));
}

TEST(DeepgramRefusalTest, AKeyMayLackOnlyAScope) {
  Fault fault;
  fault.status = 401;
  fault.code = "INSUFFICIENT_PERMISSIONS";

  EXPECT_EQ(json::parse(DeepgramRefusal(fault).body).at("err_code"), "INSUFFICIENT_PERMISSIONS");
}

TEST(DeepgramRefusalTest, SaysWhenToComeBackIfTheScenarioDoes) {
  Fault fault;
  fault.status = 429;
  fault.retry_after = 7;
  EXPECT_EQ(DeepgramRefusal(fault).headers.Get("retry-after"), "7");

  fault.retry_after = 0;
  EXPECT_FALSE(DeepgramRefusal(fault).headers.Has("retry-after"));
}

}  // namespace
}  // namespace latchkey::sandbox
