// The contract of KeyCatalogue.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "lib/rpc/peers.h"
#include "services/orchestrator/adapters/grpc_key_catalogue.h"
#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_key_catalogue.h"
#include "tests/support/orchestrator/listing_keyvault.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

struct FakeKeys {
  void Save(Provider provider, bool valid) { catalogue.Save(provider, valid); }
  void SaveOnNumber(const NumberId& number) { catalogue.number_keys[number] = "...1234"; }
  void GoAway() { catalogue.reachable = false; }

  FakeKeyCatalogue catalogue;
};

struct GrpcKeys {
  void Save(Provider provider, bool valid) {
    keyvault.Save(static_cast<type::v1::Provider>(provider),
                  valid ? kv::KEY_STATUS_VALID : kv::KEY_STATUS_INVALID);
  }
  void SaveOnNumber(const NumberId& number) {
    keyvault.Save(type::v1::PROVIDER_OPENAI, kv::KEY_STATUS_VALID, number.text());
  }
  void GoAway() { keyvault.Stop(); }

  Pki pki;
  ListingKeyvault keyvault{pki};
  rpc::Peers peers{Loaded(pki.ForService("orchestrator"))};
  GrpcKeyCatalogue catalogue{peers, keyvault.address()};
};

template <typename World>
class KeyCatalogueContract : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<SavedKey>> List() {
    return Await(io_, world_.catalogue.List(SampleTenantId("one")));
  }

  boost::asio::io_context io_{1};
  World world_;
};
using Worlds = ::testing::Types<FakeKeys, GrpcKeys>;
TYPED_TEST_SUITE(KeyCatalogueContract, Worlds);

TYPED_TEST(KeyCatalogueContract, TellsEveryKeyWithItsState) {
  this->world_.Save(Provider::kAnthropic, true);
  this->world_.Save(Provider::kTwilio, false);

  const auto keys = this->List();

  ASSERT_THAT(keys, IsOk());
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ((*keys)[0].provider, Provider::kAnthropic);
  EXPECT_TRUE((*keys)[0].valid);
  EXPECT_EQ((*keys)[0].preview, "...1234");
  EXPECT_EQ((*keys)[0].validate_time, SampleTime());
  EXPECT_EQ((*keys)[1].provider, Provider::kTwilio);
  EXPECT_FALSE((*keys)[1].valid);
}

TYPED_TEST(KeyCatalogueContract, TellsNumbersKeysApartFromTheTenants) {
  const NumberId number = *NumberId::Parse("num_a");
  this->world_.Save(Provider::kOpenai, true);
  this->world_.SaveOnNumber(number);

  const auto of_numbers =
      Await(this->io_, this->world_.catalogue.ListNumberKeys(SampleTenantId("one")));

  EXPECT_THAT(of_numbers, IsOkAndHolds(std::map<NumberId, std::string>{{number, "...1234"}}));
  EXPECT_EQ(this->List()->size(), 1U);
}

TYPED_TEST(KeyCatalogueContract, TellsThatThereAreNone) {
  const auto keys = this->List();

  ASSERT_THAT(keys, IsOk());
  EXPECT_TRUE(keys->empty());
}

TYPED_TEST(KeyCatalogueContract, SaysThatItIsAwayInsteadOfNone) {
  this->world_.Save(Provider::kAnthropic, true);
  this->world_.GoAway();

  EXPECT_THAT(this->List(),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable));
  EXPECT_THAT(Await(this->io_, this->world_.catalogue.ListNumberKeys(SampleTenantId("one"))),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable));
}

}  // namespace
}  // namespace latchkey::orchestrator
