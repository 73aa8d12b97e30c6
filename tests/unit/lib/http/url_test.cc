#include "lib/http/url.h"

#include <gmock/gmock.h>

#include "lib/http/headers.h"
#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

using ::testing::ElementsAre;

TEST(UrlTest, KnowsThePartsOfAnAddress) {
  const absl::StatusOr<Url> url = Url::Parse("HTTPS://API.Anthropic.com/v1/models?limit=1");

  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->scheme(), "https");
  EXPECT_EQ(url->host(), "api.anthropic.com");
  EXPECT_EQ(url->port(), 443);
  EXPECT_EQ(url->target(), "/v1/models?limit=1");
  EXPECT_EQ(url->Authority(), "api.anthropic.com");
  EXPECT_EQ(url->Origin(), "https://api.anthropic.com:443");
}

TEST(UrlTest, KeepsAPortThatIsNotTheSchemes) {
  const absl::StatusOr<Url> url = Url::Parse("https://127.0.0.1:8443");

  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->Authority(), "127.0.0.1:8443");
  EXPECT_EQ(url->target(), "/");
}

TEST(UrlTest, PutsPathsBehindABaseWithAPathOfItsOwn) {
  const Url base = *Url::Parse("https://host/base/");

  EXPECT_EQ(base.At("/v1/listen", {{"model", "nova 3"}}).Text(),
            "https://host/base/v1/listen?model=nova%203");
  EXPECT_EQ(base.At("/v1").AsWebsocket().Text(), "wss://host/base/v1");
}

TEST(UrlTest, WritesBracketsAroundAnIpv6Address) {
  const absl::StatusOr<Url> url = Url::Parse("http://[::1]:80/x");

  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->host(), "::1");
  EXPECT_EQ(url->Authority(), "[::1]");
}

TEST(UrlTest, RefusesWhatIsNotAnAddressOfAServer) {
  for (const char* text :
       {"", "host", "/path", "ftp://host/", "https://", "https://u:p@host/", "https://host/#part",
        "https://host:0/", "https://host:99999/", "https://ho st/", "https://a%0d%0aX-Evil:1/"}) {
    EXPECT_THAT(Url::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_url"))
        << text;
  }
}

TEST(TargetTest, SplitsAndUnescapesThePath) {
  const absl::StatusOr<Target> target = ParseTarget("/v1/calls/a%2Fb?limit=2&after=x%20y");

  ASSERT_THAT(target, IsOk());
  EXPECT_EQ(target->path, "/v1/calls/a%2Fb");
  EXPECT_THAT(target->segments, ElementsAre("v1", "calls", "a/b"));
  EXPECT_EQ(target->query.Get("after"), "x y");
}

TEST(TargetTest, RefusesWhatCouldMeanAnotherPath) {
  for (const char* text : {"", "v1", "*", "/a/../b", "/%2e%2e/b", "/a%", "/a?b=%x"}) {
    EXPECT_THAT(ParseTarget(text), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_target"))
        << text;
  }
}

TEST(HeadersTest, FindsFieldsWithoutCase) {
  Headers headers{{"Content-Type", "text/plain"}, {"X-A", "1"}};
  headers.Add("x-a", "2");

  EXPECT_EQ(headers.Get("content-type"), "text/plain");
  EXPECT_EQ(headers.Get("X-a"), "1");
  EXPECT_EQ(headers.size(), 3u);

  headers.Set("X-A", "3");

  EXPECT_EQ(headers.Get("x-a"), "3");
  EXPECT_EQ(headers.size(), 2u);
  EXPECT_FALSE(headers.Has("x-b"));
}

TEST(HeadersTest, FindsATokenInAList) {
  EXPECT_TRUE(HasToken("keep-alive, Upgrade", "upgrade"));
  EXPECT_FALSE(HasToken("keep-alive, Upgraded", "upgrade"));
}

}  // namespace
}  // namespace latchkey::http
