// What other services have to tell a tenant, and how it is read.
#include "tests/integration/orchestrator/orchestrator_test.h"

namespace latchkey::orchestrator {
namespace {

class EventsTest : public OrchestratorTest {
 protected:
  static v1::RecordEventRequest EventOf(const std::string& id, const std::string& tenant) {
    v1::RecordEventRequest request;
    v1::Event& event = *request.mutable_event();
    event.set_event_id(id);
    event.set_tenant_id(tenant);
    event.set_kind("key_health_changed");
    event.mutable_event_time()->set_seconds(1'790'000'000);
    event.set_message("The Anthropic key works again.");
    (*event.mutable_details())["provider"] = "anthropic";
    return request;
  }

  absl::Status Record(const v1::RecordEventRequest& request,
                      const std::string& caller = "keyvault") {
    return Call(caller, &Stub::PrepareAsyncRecordEvent, request).status();
  }

  v1::ListEventsResponse List(const std::string& tenant, int page_size = 0,
                              const std::string& page_token = "") {
    v1::ListEventsRequest request;
    request.set_tenant_id(tenant);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    auto page = Call("gateway", &Stub::PrepareAsyncListEvents, request);
    EXPECT_THAT(page, IsOk());
    return page.ok() ? *page : v1::ListEventsResponse();
  }
};

TEST_F(EventsTest, AnEventIsKeptOnceHoweverOftenItIsSentAndSaysWhoRecordedIt) {
  v1::RecordEventRequest request = EventOf("evt_1", "tnt_a");
  request.mutable_event()->set_source("somebody else");

  ASSERT_THAT(Record(request), IsOk());
  ASSERT_THAT(Record(request), IsOk());

  const v1::ListEventsResponse page = List("tnt_a");
  ASSERT_EQ(page.events_size(), 1);
  EXPECT_EQ(page.events(0).event_id(), "evt_1");
  EXPECT_EQ(page.events(0).source(), "keyvault");
  EXPECT_EQ(page.events(0).details().at("provider"), "anthropic");
  EXPECT_EQ(List("tnt_b").events_size(), 0);
}

TEST_F(EventsTest, PagesGoOnWhereTheOneBeforeEnded) {
  for (const char* id : {"evt_1", "evt_2", "evt_3"}) {
    ASSERT_THAT(Record(EventOf(id, "tnt_a")), IsOk());
  }

  const v1::ListEventsResponse first = List("tnt_a", 2);
  const v1::ListEventsResponse last = List("tnt_a", 2, first.next_page_token());

  ASSERT_EQ(first.events_size(), 2);
  EXPECT_EQ(first.events(0).event_id(), "evt_3");
  ASSERT_EQ(last.events_size(), 1);
  EXPECT_EQ(last.events(0).event_id(), "evt_1");
  EXPECT_EQ(last.next_page_token(), "");
}

TEST_F(EventsTest, WhatIsNoEventIsRefused) {
  v1::RecordEventRequest no_id = EventOf("call_1", "tnt_a");
  v1::RecordEventRequest odd_kind = EventOf("evt_1", "tnt_a");
  odd_kind.mutable_event()->set_kind("Key Health");
  v1::RecordEventRequest endless = EventOf("evt_1", "tnt_a");
  endless.mutable_event()->set_message(std::string(1001, 'x'));
  v1::RecordEventRequest primeval = EventOf("evt_1", "tnt_a");
  primeval.mutable_event()->mutable_event_time()->set_seconds(-4'000'000'000'000'000'000);

  for (const v1::RecordEventRequest& request : {no_id, odd_kind, endless, primeval}) {
    EXPECT_THAT(Record(request), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
  }
}

TEST_F(EventsTest, OnlyThoseWhoHaveSomethingToTellMayRecord) {
  EXPECT_THAT(Record(EventOf("evt_1", "tnt_a"), "gateway"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(List("tnt_a").events_size(), 0);
}

}  // namespace
}  // namespace latchkey::orchestrator
