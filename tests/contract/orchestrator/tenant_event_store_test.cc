// The contract of TenantEventStore.
#include <gtest/gtest.h>

#include <limits>

#include "tests/contract/orchestrator/worlds.h"

namespace latchkey::orchestrator {
namespace {

constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

TenantEvent SampleEvent(std::string_view id, const TenantId& tenant) {
  TenantEvent event;
  event.id = *EventId::Parse(id);
  event.tenant = tenant;
  event.kind = "key_health_changed";
  event.time = absl::FromUnixMicros(1'790'000'000'123'456);
  event.message = "The \"Anthropic\" account has no crédit left.";
  event.details = {{"provider", "anthropic"}, {"quote", "a,{b}\"c\\"}};
  event.source = "keyvault";
  return event;
}

template <typename World>
class TenantEventStoreContract : public ::testing::Test {
 protected:
  template <typename T>
  T Run(Task<T> task) {
    return Await(world_.io, std::move(task));
  }

  std::vector<std::string> Listed(int64_t before, int limit) {
    std::vector<std::string> ids;
    absl::StatusOr<std::vector<KeptEvent>> page =
        Run(world_.tenant_events.List(one_, before, limit));
    EXPECT_THAT(page, IsOk());
    for (const KeptEvent& kept : *page) ids.push_back(kept.event.id.text());
    return ids;
  }

  World world_;
  const TenantId one_ = SampleTenantId("one");
  const TenantId two_ = SampleTenantId("two");
};
TYPED_TEST_SUITE(TenantEventStoreContract, Worlds);

TYPED_TEST(TenantEventStoreContract, GivesBackWhatWasKeptToItsTenantAlone) {
  const TenantEvent event = SampleEvent("evt_a", this->one_);

  ASSERT_THAT(this->Run(this->world_.tenant_events.Add(event)), IsOk());

  absl::StatusOr<std::vector<KeptEvent>> mine =
      this->Run(this->world_.tenant_events.List(this->one_, kAll, 10));
  ASSERT_THAT(mine, IsOk());
  ASSERT_EQ(mine->size(), 1u);
  EXPECT_EQ(mine->front().event, event);
  absl::StatusOr<std::vector<KeptEvent>> others =
      this->Run(this->world_.tenant_events.List(this->two_, kAll, 10));
  ASSERT_THAT(others, IsOk());
  EXPECT_TRUE(others->empty());
}

TYPED_TEST(TenantEventStoreContract, KeepsAnEventOnceHoweverOftenItComes) {
  const TenantEvent event = SampleEvent("evt_a", this->one_);
  TenantEvent again = event;
  again.message = "Something else.";

  ASSERT_THAT(this->Run(this->world_.tenant_events.Add(event)), IsOk());
  ASSERT_THAT(this->Run(this->world_.tenant_events.Add(again)), IsOk());

  absl::StatusOr<std::vector<KeptEvent>> kept =
      this->Run(this->world_.tenant_events.List(this->one_, kAll, 10));
  ASSERT_THAT(kept, IsOk());
  ASSERT_EQ(kept->size(), 1u);
  EXPECT_EQ(kept->front().event, event);
}

TYPED_TEST(TenantEventStoreContract, ListsTheNewestFirstAndGoesOnBefore) {
  for (const char* id : {"evt_a", "evt_b", "evt_c"}) {
    ASSERT_THAT(this->Run(this->world_.tenant_events.Add(SampleEvent(id, this->one_))), IsOk());
  }

  EXPECT_EQ(this->Listed(kAll, 2), (std::vector<std::string>{"evt_c", "evt_b"}));
  absl::StatusOr<std::vector<KeptEvent>> page =
      this->Run(this->world_.tenant_events.List(this->one_, kAll, 2));
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(this->Listed(page->back().position, 2), (std::vector<std::string>{"evt_a"}));
}

TYPED_TEST(TenantEventStoreContract, DeletesWhatIsOldWhosesoeverAndNoMoreThanItIsAskedTo) {
  int64_t hour = 0;
  for (const char* id : {"evt_a", "evt_b", "evt_c", "evt_d"}) {
    TenantEvent event = SampleEvent(id, hour == 1 ? this->two_ : this->one_);
    event.time = absl::UnixEpoch() + absl::Hours(hour++);
    ASSERT_THAT(this->Run(this->world_.tenant_events.Add(event)), IsOk());
  }
  const absl::Time third = absl::UnixEpoch() + absl::Hours(3);

  EXPECT_THAT(this->Run(this->world_.tenant_events.DeleteBefore(third, 2)), IsOkAndHolds(2));
  EXPECT_EQ(this->Listed(kAll, 10), (std::vector<std::string>{"evt_d", "evt_c"}));
  EXPECT_THAT(this->Run(this->world_.tenant_events.DeleteBefore(third, 2)), IsOkAndHolds(1));
  EXPECT_THAT(this->Run(this->world_.tenant_events.DeleteBefore(third, 2)), IsOkAndHolds(0));
  EXPECT_EQ(this->Listed(kAll, 10), (std::vector<std::string>{"evt_d"}));
}

}  // namespace
}  // namespace latchkey::orchestrator
