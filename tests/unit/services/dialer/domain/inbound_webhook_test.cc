#include "services/dialer/domain/inbound_webhook.h"

#include <gtest/gtest.h>

#include "services/dialer/domain/reasons.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

provider::FormParameters Webhook() {
  return {{"CallSid", "CA1"}, {"From", "+14155550142"}, {"To", "+14155550100"}};
}

TEST(InboundWebhookTest, NamesTheCallTheCallerAndTheNumberThatIsCalled) {
  const auto webhook = ParseTwilioWebhook(Webhook());

  ASSERT_THAT(webhook, IsOk());
  EXPECT_EQ(webhook->carrier_call_id, "CA1");
  EXPECT_EQ(webhook->from, "+14155550142");
  EXPECT_EQ(webhook->called.text(), "+14155550100");
}

TEST(InboundWebhookTest, ACallerMayHideTheirNumber) {
  provider::FormParameters hidden = Webhook();
  hidden[1].second = "anonymous";
  EXPECT_EQ(ParseTwilioWebhook(hidden)->from, "anonymous");
  hidden[1].second = "";
  EXPECT_EQ(ParseTwilioWebhook(hidden)->from, "unknown");
}

TEST(InboundWebhookTest, WhatIsNoWebhookOfACallIsRefused) {
  provider::FormParameters nameless = Webhook();
  nameless[0].second = "";
  provider::FormParameters long_name = Webhook();
  long_name[0].second = std::string(65, 'C');
  provider::FormParameters two_lines = Webhook();
  two_lines[1].second = "+1\n2";
  provider::FormParameters nowhere = Webhook();
  nowhere[2].second = "sip:someone@example.org";
  for (const auto& parameters :
       {nameless, long_name, two_lines, nowhere, provider::FormParameters()}) {
    EXPECT_THAT(ParseTwilioWebhook(parameters),
                StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  }
}

}  // namespace
}  // namespace latchkey::dialer
