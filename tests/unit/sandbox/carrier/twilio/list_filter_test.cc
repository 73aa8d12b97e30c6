#include "sandbox/carrier/twilio/list_filter.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::sandbox::twilio {
namespace {

const std::vector<std::string> kItems = {"1", "2", "3", "4", "5"};

boost::json::value Page(const http::Form& query) {
  return boost::json::parse(PageWanted(query).Show("calls", kItems, "/Calls.json"));
}

TEST(PageWantedTest, APageNamesTheNextOneWithTheFilterThatWasAskedFor) {
  const boost::json::value page = Page({{"To", "+1415"}, {"PageSize", "2"}});

  EXPECT_EQ(boost::json::serialize(page.at("calls")), "[1,2]");
  EXPECT_EQ(page.at("next_page_uri"), "/Calls.json?To=%2B1415&PageSize=2&Page=1");
  EXPECT_TRUE(page.at("previous_page_uri").is_null());
}

TEST(PageWantedTest, TheLastPageNamesNoNextOne) {
  const boost::json::value page = Page({{"PageSize", "2"}, {"Page", "2"}});

  EXPECT_EQ(boost::json::serialize(page.at("calls")), "[5]");
  EXPECT_TRUE(page.at("next_page_uri").is_null());
  EXPECT_EQ(page.at("previous_page_uri"), "/Calls.json?PageSize=2&Page=1");
  EXPECT_EQ(boost::json::serialize(Page({{"Page", "7"}}).at("calls")), "[]");
}

}  // namespace
}  // namespace latchkey::sandbox::twilio
