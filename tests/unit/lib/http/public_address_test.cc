#include "lib/http/public_address.h"

#include <gtest/gtest.h>

namespace latchkey::http {
namespace {

bool Public(const char* text) { return IsPublic(boost::asio::ip::make_address(text)); }

TEST(PublicAddressTest, HostsOfTheOpenInternetArePublic) {
  for (const char* text :
       {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
        "192.0.1.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e", "2001:200::1", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(Public(text)) << text;
  }
}

TEST(PublicAddressTest, PrivateLoopbackLinkLocalAndSpecialOnesAreNot) {
  for (const char* text :
       {"0.0.0.0",         "0.1.2.3",        "10.0.0.1",        "10.255.255.255",  "100.64.0.1",
        "100.127.255.255", "127.0.0.1",      "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255",  "192.0.0.170",    "192.0.2.1",       "192.88.99.1",     "192.168.1.1",
        "198.18.0.1",      "198.19.255.255", "198.51.100.7",    "203.0.113.7",     "224.0.0.1",
        "239.255.255.255", "240.0.0.1",      "255.255.255.255"}) {
    EXPECT_FALSE(Public(text)) << text;
  }
}

TEST(PublicAddressTest, IPv6HasTheSameKinds) {
  for (const char* text : {"::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
                           "100::1", "2001:db8::1", "2001:0:1::1", "2001:1ff::1", "3fff:fff::1"}) {
    EXPECT_FALSE(Public(text)) << text;
  }
}

TEST(PublicAddressTest, AnAddressThatCarriesAnotherHidesNothing) {
  for (const char* text :
       {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "2002:7f00:1::1", "2002:a00:1::1"}) {
    EXPECT_FALSE(Public(text)) << text;
  }
}

}  // namespace
}  // namespace latchkey::http
