// Calls from outside, and where numbers' carriers are told to bring them.
#include "tests/integration/dialer/dialer_fixture.h"

namespace latchkey::dialer {
namespace {

TEST_F(DialerTest, AnInboundCallIsTheAskersOwnAndARepetitionElsewhereFindsItThere) {
  Beat(*m1_client_, m1_.server.address());
  Beat(*m2_client_, m2_.server.address());

  const auto answer = CallIn(*m1_client_);
  const auto again = CallIn(*m1_client_);
  const auto elsewhere = CallIn(*m2_client_);

  ASSERT_THAT(answer, IsOk());
  ASSERT_TRUE(answer->has_run());
  EXPECT_EQ(answer->run().spec().direction(), type::v1::CALL_DIRECTION_INBOUND);
  EXPECT_EQ(answer->run().spec().from(), "+14155550142");
  EXPECT_EQ(answer->run().spec().to(), "+14155550100");
  EXPECT_EQ(answer->run().spec().carrier_call_id(), "CA7");
  EXPECT_EQ(answer->run().spec().agent().first_message(), "Hello.");
  type::v1::CallTicket ticket;
  ASSERT_TRUE(ticket.ParseFromString(answer->run().ticket().ticket()));
  EXPECT_EQ(ticket.purpose(), type::v1::TICKET_PURPOSE_CALL);
  EXPECT_EQ(ticket.media_instance(), "m1");
  EXPECT_EQ(again->call_id(), answer->call_id());
  EXPECT_TRUE(again->has_run());
  EXPECT_EQ(elsewhere->stream_url(), "wss://media.example/m/m/" + answer->call_id());
  EXPECT_EQ(m1_.fake.started.size(), 1u);
  EXPECT_EQ(database_.Look("SELECT count(*) FROM dialer.calls"), "1");
  EXPECT_EQ(Get(answer->call_id()).direction(), type::v1::CALL_DIRECTION_INBOUND);
}

TEST_F(DialerTest, AnInboundCallThatItsAskerCannotTakeIsStartedOnAnotherInstance) {
  Beat(*m1_client_, m1_.server.address());
  Beat(*m2_client_, m2_.server.address());

  const auto answer = CallIn(*m1_client_, false);

  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->stream_url(), "wss://media.example/m/m/" + answer->call_id());
  const auto started = m2_.fake.started.Take();
  ASSERT_TRUE(started.has_value());
  EXPECT_EQ(started->spec().carrier_call_id(), "CA7");
  EXPECT_EQ(Get(answer->call_id()).media_instance(), "m2");
}

TEST_F(DialerTest, AForgedWebhookLeavesNothing) {
  Beat(*m1_client_, m1_.server.address());

  EXPECT_THAT(CallIn(*m1_client_, true, "forged"),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));

  EXPECT_EQ(database_.Look("SELECT count(*) FROM dialer.calls"), "0");
}

TEST_F(DialerTest, ACallerWhoHangsUpBeforeTheStreamIsToldToTheInstanceThatWaits) {
  Beat(*m1_client_, m1_.server.address());
  Beat(*m2_client_, m2_.server.address());
  const auto answer = CallIn(*m1_client_);
  ASSERT_TRUE(answer->has_run());
  v1::ReportCarrierEventRequest request;
  request.set_carrier(type::v1::PROVIDER_TWILIO);
  request.set_url("https://latchkey.example/carrier/twilio/inbound/status");
  request.set_signature("genuine");
  AddParameters({{"CallSid", "CA7"}, {"CallStatus", "completed"}, {"CallDuration", "1"}}, request);

  const auto reported = Ask(*m2_client_, &Stub::PrepareAsyncReportCarrierEvent, request);

  ASSERT_THAT(reported, IsOk());
  EXPECT_EQ(reported->call_id(), answer->call_id());
  EXPECT_EQ(reported->media_instance(), "m1");
  const auto ended = m1_.fake.ended.Take();
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->call_id(), answer->call_id());
  EXPECT_EQ(ended->reason(), reasons::kCallerHungUp);
}

TEST_F(DialerTest, ANumberIsConfiguredByAnInstanceWithTheCarriersKeyAlone) {
  Beat(*m1_client_, m1_.server.address());
  v1::ConfigureNumberRequest request;
  request.set_tenant_id("tnt_a");
  request.set_number_id("num_a");

  ASSERT_THAT(Ask(*gateway_, &Stub::PrepareAsyncConfigureNumber, request), IsOk());

  const auto configured = m1_.fake.configured.Take();
  ASSERT_TRUE(configured.has_value());
  EXPECT_EQ(configured->e164(), "+14155550100");
  type::v1::CallTicket ticket;
  ASSERT_TRUE(ticket.ParseFromString(configured->ticket().ticket()));
  EXPECT_EQ(ticket.purpose(), type::v1::TICKET_PURPOSE_SETUP);
  EXPECT_EQ(ticket.call_id(), configured->call_id());
  ASSERT_EQ(ticket.grants_size(), 1);
  EXPECT_EQ(ticket.grants(0).provider(), type::v1::PROVIDER_TWILIO);
}

}  // namespace
}  // namespace latchkey::dialer
