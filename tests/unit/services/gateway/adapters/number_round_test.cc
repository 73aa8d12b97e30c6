#include "services/gateway/adapters/number_round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <set>

#include "lib/base/error.h"
#include "tests/support/await.h"
#include "tests/support/simulated_clock.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace orch = orchestrator::v1;
using ::testing::ElementsAre;

constexpr size_t kPageSize = 100;

// The services behind, with `numbers` of one tenant.
class FakeNumberPeers final : public NumberPeers {
 public:
  explicit FakeNumberPeers(SimulatedClock& clock) : clock_(clock) {}

  Task<absl::StatusOr<orch::ListNumbersResponse>> List(const std::string& tenant_id,
                                                       const std::string& page_token) override {
    if (tenant_id != "tnt_a" || static_cast<int>(pages++) == broken_page) {
      co_return absl::UnavailableError("out of reach");
    }
    const size_t begin = page_token.empty() ? 0 : std::stoul(page_token);
    const size_t end = std::min(begin + kPageSize, numbers.size());
    orch::ListNumbersResponse page;
    for (size_t i = begin; i < end; ++i) *page.add_numbers() = numbers[i];
    if (end < numbers.size()) page.set_next_page_token(std::to_string(end));
    co_return page;
  }

  Task<absl::Status> Tell(const std::string&, const std::string& number_id) override {
    told.push_back(number_id);
    clock_.Advance(takes);
    if (strange.contains(number_id)) {
      co_return Error(absl::StatusCode::kFailedPrecondition, "number_not_owned", "Not here.");
    }
    co_return absl::OkStatus();
  }

  void Add(const std::string& id, type::v1::Provider carrier = type::v1::PROVIDER_TWILIO,
           bool platform_owned = false) {
    orch::Number number;
    number.set_number_id(id);
    number.set_carrier(carrier);
    number.set_platform_owned(platform_owned);
    numbers.push_back(std::move(number));
  }

  std::vector<orch::Number> numbers;
  std::set<std::string> strange;  // Which the carrier's account does not have.
  absl::Duration takes = absl::ZeroDuration();
  int broken_page = -1;
  size_t pages = 0;
  std::vector<std::string> told;

 private:
  SimulatedClock& clock_;
};

class NumberRoundTest : public testing::Test {
 protected:
  Reply Run() {
    Reply reply;
    NumberRound round(peers_, clock_, "tnt_a", type::v1::PROVIDER_TWILIO);
    boost::asio::io_context io(1);
    Await(io, round.Run(reply));
    return reply;
  }

  static size_t Configured(const Reply& reply) {
    size_t count = 0;
    for (const json::value& number : reply.body.at("numbers").as_array()) {
      if (number.at("inbound").at("configured").as_bool()) ++count;
    }
    return count;
  }

  SimulatedClock clock_{absl::UnixEpoch()};
  FakeNumberPeers peers_{clock_};
};

TEST_F(NumberRoundTest, TheCarrierIsToldOfItsOwnNumbersAndOfNoOthers) {
  peers_.Add("num_a");
  peers_.Add("num_b", type::v1::PROVIDER_EXOTEL);
  peers_.Add("num_c", type::v1::PROVIDER_TWILIO, true);

  const Reply reply = Run();

  EXPECT_THAT(peers_.told, ElementsAre("num_a"));
  EXPECT_EQ(reply.body,
            json::parse(R"({"numbers": [{"id": "num_a", "inbound": {"configured": true}}]})"));
}

TEST_F(NumberRoundTest, EachResultIsToldInTheOrderOfTheNumbers) {
  for (const char* id : {"num_a", "num_b", "num_c"}) peers_.Add(id);
  peers_.strange = {"num_b"};

  const Reply reply = Run();

  EXPECT_EQ(reply.body, json::parse(R"({"numbers": [
      {"id": "num_a", "inbound": {"configured": true}},
      {"id": "num_b", "inbound": {"configured": false, "reason": "number_not_owned",
                                  "message": "Not here."}},
      {"id": "num_c", "inbound": {"configured": true}}]})"));
}

TEST_F(NumberRoundTest, MoreThanAPageOfNumbersAreAllTold) {
  for (int i = 0; i < 250; ++i) peers_.Add("num_" + std::to_string(i));

  const Reply reply = Run();

  EXPECT_EQ(peers_.pages, 3u);
  EXPECT_EQ(Configured(reply), 250u);
  EXPECT_FALSE(reply.body.contains("numbersLeft"));
}

TEST_F(NumberRoundTest, WhomThereIsNoTimeForIsNamed) {
  for (int i = 0; i < 30; ++i) peers_.Add("num_" + std::to_string(i));
  peers_.takes = absl::Seconds(1);

  const Reply reply = Run();

  EXPECT_EQ(Configured(reply), 20u);
  const json::array& numbers = reply.body.at("numbers").as_array();
  ASSERT_EQ(numbers.size(), 30u);
  EXPECT_EQ(numbers.at(29).at("inbound").at("reason"), "number_not_told");
}

TEST_F(NumberRoundTest, ThereIsABoundToTheNumbersAndItSaysSo) {
  for (int i = 0; i < 2'050; ++i) peers_.Add("num_" + std::to_string(i));

  const Reply reply = Run();

  EXPECT_EQ(reply.body.at("numbers").as_array().size(), 2'000u);
  EXPECT_EQ(reply.body.at("numbersLeft"), true);
}

TEST_F(NumberRoundTest, WhatWasListedIsToldThoughTheRestIsOutOfReach) {
  for (int i = 0; i < 150; ++i) peers_.Add("num_" + std::to_string(i));
  peers_.broken_page = 1;

  const Reply reply = Run();

  EXPECT_EQ(Configured(reply), 100u);
  EXPECT_EQ(reply.body.at("numbersLeft"), true);
}

TEST_F(NumberRoundTest, WithoutNumbersNothingIsAdded) { EXPECT_EQ(Run().body, json::object()); }

}  // namespace
}  // namespace latchkey::gateway
