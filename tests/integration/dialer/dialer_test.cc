// Dialer's methods, over mTLS.
#include "tests/integration/dialer/dialer_fixture.h"

namespace latchkey::dialer {
namespace {

TEST_F(DialerTest, ACallGoesFromItsRequestToItsUsage) {
  Beat(*m1_client_, m1_.server.address());
  billing_.fake.refusals = 1;

  const auto placed = Place();

  ASSERT_THAT(placed, IsOk());
  const std::string id = placed->call().call_id();
  const auto order = m1_.fake.started.Take();
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->spec().call_id(), id);
  EXPECT_EQ(order->spec().from(), "+14155550100");
  EXPECT_EQ(order->spec().to(), "+14155550123");
  EXPECT_EQ(order->spec().agent().first_message(), "Hello.");
  EXPECT_EQ(order->spec().agent().call_duration_max().seconds(), 600);

  v1::ReportProgressRequest progress;
  progress.set_call_id(id);
  progress.set_state(v1::CALL_STATE_PLACING);
  progress.set_carrier_call_id("CA1");
  progress.mutable_event_time()->set_seconds(1'790'000'000);
  ASSERT_THAT(Ask(*m1_client_, &Stub::PrepareAsyncReportProgress, progress), IsOk());
  ASSERT_THAT(Callback(id, "in-progress", "genuine"), IsOk());
  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_ANSWERED);

  ASSERT_THAT(Complete(*m1_client_, id), IsOk());
  ASSERT_THAT(Complete(*m1_client_, id), IsOk());

  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_ENDED);
  EXPECT_EQ(Get(id).reason(), "agent_hung_up");
  EXPECT_EQ(Get(id).answered_duration().seconds(), 42);
  const auto usage = billing_.fake.usage.Take();
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->call_id(), id);
  EXPECT_EQ(usage->answered_duration().seconds(), 42);
  EXPECT_EQ(usage->rate().per_minute().micros(), 400'000);
  EXPECT_EQ(usage->mode(), billing::v1::BILLING_MODE_BUNDLED);
}

TEST_F(DialerTest, TheTicketIsSignedAndNamesTheInstance) {
  Beat(*m1_client_, m1_.server.address());
  ASSERT_THAT(Place(), IsOk());
  const auto order = m1_.fake.started.Take();
  ASSERT_TRUE(order.has_value());

  const auto key = secret::VerifyingKey::FromFile(pki_.directory() + "/ticket.pub");
  ASSERT_THAT(key, IsOk());
  EXPECT_TRUE(
      key->Verify(secret::kTicketLabel, order->ticket().ticket(), order->ticket().signature()));
  type::v1::CallTicket ticket;
  ASSERT_TRUE(ticket.ParseFromString(order->ticket().ticket()));
  EXPECT_EQ(ticket.media_instance(), "m1");
  EXPECT_EQ(ticket.grants_size(), 4);
}

TEST_F(DialerTest, ARepeatedRequestStartsNoSecondCall) {
  Beat(*m1_client_, m1_.server.address());
  const auto first = Place();
  const auto second = Place();

  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->call().call_id(), first->call().call_id());
  EXPECT_EQ(m1_.fake.started.size(), 1u);
  EXPECT_THAT(Place("+14155550124"),
              StatusIs(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused));
}

TEST_F(DialerTest, AForgedCallbackChangesNothing) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();

  EXPECT_THAT(Callback(id, "completed", "forged"),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));

  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_QUEUED);
  EXPECT_EQ(database_.Look("SELECT count(*) FROM dialer.calls WHERE carrier_sequence >= 0"), "0");
}

TEST_F(DialerTest, AnotherInstanceMayNotCloseACall) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();

  EXPECT_THAT(Complete(*m2_client_, id),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCallForeign));
}

TEST_F(DialerTest, ANumberOnTheDncListIsNotCalled) {
  Beat(*m1_client_, m1_.server.address());
  v1::AddDncRequest add;
  add.set_tenant_id("tnt_a");
  add.set_e164("+14155550123");
  ASSERT_THAT(Ask(*gateway_, &Stub::PrepareAsyncAddDnc, add), IsOk());
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kOnDncList));

  v1::RemoveDncRequest remove;
  remove.set_tenant_id("tnt_a");
  remove.set_e164("+14155550123");
  ASSERT_THAT(Ask(*gateway_, &Stub::PrepareAsyncRemoveDnc, remove), IsOk());
  EXPECT_THAT(Place(), IsOk());
}

TEST_F(DialerTest, WhatMayNotBeCalledIsNamed) {
  Beat(*m1_client_, m1_.server.address());
  EXPECT_THAT(Place("+442079460123"),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCountryNotAllowed));
  EXPECT_THAT(Place("+19005550123"),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kPremiumNumber));
  EXPECT_THAT(Place("+1415555"),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kNumberNotCallable));
  EXPECT_THAT(Place("4155550123"),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedNumber));
}

TEST_F(DialerTest, WithoutMediaTheFleetIsFullAndNothingIsLeftBehind) {
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kResourceExhausted, reasons::kFleetFull));
  EXPECT_EQ(database_.Look("SELECT count(*) FROM dialer.calls"), "0");
}

TEST_F(DialerTest, HangingUpReachesTheInstance) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();
  v1::EndCallRequest request;
  request.set_tenant_id("tnt_a");
  request.set_call_id(id);

  ASSERT_THAT(Ask(*gateway_, &Stub::PrepareAsyncEndCall, request), IsOk());

  const auto ended = m1_.fake.ended.Take();
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->call_id(), id);
  EXPECT_EQ(ended->reason(), reasons::kEndedByTenant);
}

TEST_F(DialerTest, ACallOfARestartedInstanceIsSettledAndBilledOnceWithItsTrueLength) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();

  // It goes on beating while it waits, as an instance does.
  std::optional<media::v1::SettleCallRequest> settled;
  for (int beats = 0; beats < 40 && !settled.has_value(); ++beats) {
    Beat(*m1_client_, m1_.server.address(), "second");
    settled = m1_.fake.settled.Take(std::chrono::seconds(1));
  }

  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->call_id(), id);
  EXPECT_EQ(settled->carrier_call_id(), "");
  type::v1::CallTicket ticket;
  ASSERT_TRUE(ticket.ParseFromString(settled->ticket().ticket()));
  EXPECT_EQ(ticket.purpose(), type::v1::TICKET_PURPOSE_SETTLE);
  ASSERT_EQ(ticket.grants_size(), 1);
  EXPECT_EQ(ticket.grants(0).provider(), type::v1::PROVIDER_TWILIO);
  const auto usage = billing_.fake.usage.Take();
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->call_id(), id);
  EXPECT_EQ(usage->answered_duration().seconds(), 17);
  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_ENDED);
}

TEST_F(DialerTest, EveryMethodLetsInExactlyTheCallersThatItNames) {
  ExpectCallersAreEnforced(pki_, "dialer", running_->address(),
                           *v1::Call::descriptor()->file()->service(0));
}

}  // namespace
}  // namespace latchkey::dialer
