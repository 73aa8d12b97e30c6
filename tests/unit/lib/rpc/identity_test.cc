#include "lib/rpc/identity.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey::rpc {
namespace {

TEST(IdentityTest, AServiceAndAnInstanceAreToldApart) {
  EXPECT_THAT(ParseSpiffeId("spiffe://latchkey/keyvault"), IsOkAndHolds(Identity{"keyvault", ""}));
  EXPECT_THAT(ParseSpiffeId("spiffe://latchkey/media/m1"), IsOkAndHolds(Identity{"media", "m1"}));
}

TEST(IdentityTest, TheIdIsWhatWasParsed) {
  for (const char* id : {"spiffe://latchkey/ops", "spiffe://latchkey/media/m1"}) {
    ASSERT_THAT(ParseSpiffeId(id), IsOk());
    EXPECT_EQ(ParseSpiffeId(id)->SpiffeId(), id);
  }
}

TEST(IdentityTest, WhatNamesNoServiceOfOursIsRefused) {
  for (const char* id :
       {"", "spiffe://latchkey", "spiffe://latchkey/", "spiffe://latchkey/stranger",
        "spiffe://elsewhere/media", "https://latchkey/media", "spiffe://latchkey/media/",
        "spiffe://latchkey/media/m1/x", "spiffe://latchkey/media/M1", "spiffe://latchkey/media/..",
        "spiffe://latchkey/mediax", "xspiffe://latchkey/media"}) {
    EXPECT_THAT(ParseSpiffeId(id),
                StatusIs(absl::StatusCode::kPermissionDenied, "identity_unknown"))
        << id;
  }
}

}  // namespace
}  // namespace latchkey::rpc
