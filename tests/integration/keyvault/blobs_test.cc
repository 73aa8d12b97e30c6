// Somebody with all rights on the database moves or changes ciphertexts: nothing opens.
#include <fmt/format.h>

#include "tests/integration/keyvault/leasing_fixture.h"
#include "tests/support/postgres_session.h"

namespace latchkey::keyvault {
namespace {

using type::v1::PROVIDER_ANTHROPIC;
using type::v1::PROVIDER_TWILIO;

// Where the ciphertexts stand: a table, its column, and what tells its rows apart.
struct Place {
  const char* table;
  const char* column;
};
constexpr Place kTenantKey{"tenant_keys", "wrapped_key"};
constexpr Place kDataKey{"key_versions", "data_key"};
constexpr Place kField{"key_fields", "blob"};

class BlobsTest : public LeasingFixture {
 protected:
  BlobsTest() : LeasingFixture({"--tenant-lease-rate=100000", "--tenant-live-leases=1000000"}) {
    Save("tnt_a");
    Save("tnt_b");
    EXPECT_THAT(Put("tnt_a", type::v1::PROVIDER_DEEPGRAM, {{"api_key", std::string(40, 'd')}}, "d"),
                IsOk());
    EXPECT_THAT(
        Put("tnt_a", PROVIDER_TWILIO,
            {{"account_sid", std::string(kTwilioSid)}, {"auth_token", std::string(kTwilioToken)}},
            "t"),
        IsOk());
  }

  std::string IdOf(const std::string& tenant, type::v1::Provider provider) {
    return sql_.Do(
        fmt::format("SELECT key_id FROM keyvault.keys WHERE tenant_id = '{}'"
                    "  AND provider = {}",
                    tenant, static_cast<int>(provider)));
  }

  std::string Read(const Place& place, const std::string& where) {
    return sql_.Do(fmt::format("SELECT encode({}, 'hex') FROM keyvault.{} WHERE {}", place.column,
                               place.table, where));
  }

  void Write(const Place& place, const std::string& where, const std::string& hex) {
    sql_.Do(fmt::format("UPDATE keyvault.{} SET {} = '\\x{}' WHERE {}", place.table, place.column,
                        hex, where));
  }

  // Leases tenant a's keys of a provider, which must be refused without a byte of any.
  void ExpectClosed(type::v1::Provider provider, const std::string& what) {
    const std::string call = fmt::format("call_{}", ++calls_);
    type::v1::CallTicket ticket = Ticket(call);
    ticket.mutable_grants(0)->set_provider(provider);
    const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(ticket);
    EXPECT_FALSE(leased.ok()) << what;
  }

  void ExpectOpen(type::v1::Provider provider) {
    type::v1::CallTicket ticket = Ticket(fmt::format("call_{}", ++calls_));
    ticket.mutable_grants(0)->set_provider(provider);
    EXPECT_THAT(Lease(ticket), IsOk());
  }

  // The blob of `from` into the row of `to`, looked at, and back.
  void Move(const Place& place, const std::string& from, const std::string& to,
            type::v1::Provider provider, const std::string& what) {
    const std::string good = Read(place, to);
    const std::string other = Read(place, from);
    ASSERT_NE(other, "") << what;
    ASSERT_NE(other, good) << what;
    Write(place, to, other);
    ExpectClosed(provider, what);
    Write(place, to, good);
    ExpectOpen(provider);
  }

  void FlipEveryByte(const Place& place, const std::string& where, type::v1::Provider provider) {
    const std::string good = Read(place, where);
    for (size_t byte = 0; byte < good.size() / 2; ++byte) {
      sql_.Do(
          fmt::format("UPDATE keyvault.{0} SET {1} = set_byte({1}, {2}, get_byte({1}, {2}) # 1)"
                      "  WHERE {3}",
                      place.table, place.column, byte, where));
      ExpectClosed(provider, fmt::format("byte {} of {}.{}", byte, place.table, place.column));
      Write(place, where, good);
    }
    EXPECT_GT(good.size(), 100u);
    ExpectOpen(provider);
  }

  PostgresSession sql_{database_.superuser};
  int calls_ = 0;
};

TEST_F(BlobsTest, ABlobInAnotherTenantsRowDoesNotOpen) {
  const std::string a = fmt::format("key_id = '{}'", IdOf("tnt_a", PROVIDER_ANTHROPIC));
  const std::string b = fmt::format("key_id = '{}'", IdOf("tnt_b", PROVIDER_ANTHROPIC));

  Move(kTenantKey, "tenant_id = 'tnt_b'", "tenant_id = 'tnt_a'", PROVIDER_ANTHROPIC, "tenant key");
  Move(kDataKey, b, a, PROVIDER_ANTHROPIC, "data key");
  Move(kField, b, a, PROVIDER_ANTHROPIC, "field");

  // All three together: the whole of b's key under a's name.
  Write(kTenantKey, "tenant_id = 'tnt_a'", Read(kTenantKey, "tenant_id = 'tnt_b'"));
  Write(kDataKey, a, Read(kDataKey, b));
  Write(kField, a, Read(kField, b));
  ExpectClosed(PROVIDER_ANTHROPIC, "all of it");
}

TEST_F(BlobsTest, ABlobInAnotherProvidersRowDoesNotOpen) {
  const std::string to = fmt::format("key_id = '{}'", IdOf("tnt_a", PROVIDER_ANTHROPIC));
  const std::string from = fmt::format("key_id = '{}'", IdOf("tnt_a", type::v1::PROVIDER_DEEPGRAM));

  Move(kDataKey, from, to, PROVIDER_ANTHROPIC, "data key");
  Move(kField, from, to, PROVIDER_ANTHROPIC, "field");
  Write(kDataKey, to, Read(kDataKey, from));
  Write(kField, to, Read(kField, from));
  ExpectClosed(PROVIDER_ANTHROPIC, "both");
}

TEST_F(BlobsTest, AKeyThatIsCalledAnotherProvidersDoesNotOpen) {
  // Nothing is moved: the row itself says another provider, or another number.
  const std::string id = IdOf("tnt_a", type::v1::PROVIDER_DEEPGRAM);
  sql_.Do(fmt::format("UPDATE keyvault.keys SET provider = {} WHERE key_id = '{}'",
                      static_cast<int>(type::v1::PROVIDER_CARTESIA), id));
  ExpectClosed(type::v1::PROVIDER_CARTESIA, "provider");
  sql_.Do(
      fmt::format("UPDATE keyvault.keys SET provider = {}, number_id = 'num_1'"
                  "  WHERE key_id = '{}'",
                  static_cast<int>(type::v1::PROVIDER_DEEPGRAM), id));
  type::v1::CallTicket ticket = Ticket("call_number");
  ticket.mutable_grants(0)->set_provider(type::v1::PROVIDER_DEEPGRAM);
  ticket.mutable_grants(0)->mutable_scope()->set_number_id("num_1");
  EXPECT_FALSE(Lease(ticket).ok());
}

TEST_F(BlobsTest, ABlobInAnotherFieldsRowDoesNotOpen) {
  const std::string id = IdOf("tnt_a", PROVIDER_TWILIO);

  Move(kField, fmt::format("key_id = '{}' AND name = 'account_sid'", id),
       fmt::format("key_id = '{}' AND name = 'auth_token'", id), PROVIDER_TWILIO, "field");
}

TEST_F(BlobsTest, ABlobInAnotherVersionsRowDoesNotOpen) {
  const std::string id = IdOf("tnt_a", PROVIDER_ANTHROPIC);
  const std::string first = fmt::format("key_id = '{}' AND version = 1", id);
  const std::string second = fmt::format("key_id = '{}' AND version = 2", id);
  ASSERT_THAT(Lease(Ticket("call_live")), IsOk());  // So that the first version stays.
  Save("tnt_a", "sk-ant-api03-second-0000-2222");

  Move(kDataKey, first, second, PROVIDER_ANTHROPIC, "data key");
  Move(kField, first, second, PROVIDER_ANTHROPIC, "field");
  // An old key is not put back into use by its blobs.
  Write(kDataKey, second, Read(kDataKey, first));
  Write(kField, second, Read(kField, first));
  ExpectClosed(PROVIDER_ANTHROPIC, "both");
}

TEST_F(BlobsTest, NoByteOfABlobCanBeChanged) {
  const std::string key = fmt::format("key_id = '{}'", IdOf("tnt_a", PROVIDER_ANTHROPIC));

  FlipEveryByte(kTenantKey, "tenant_id = 'tnt_a'", PROVIDER_ANTHROPIC);
  FlipEveryByte(kDataKey, key, PROVIDER_ANTHROPIC);
  FlipEveryByte(kField, key, PROVIDER_ANTHROPIC);
}

}  // namespace
}  // namespace latchkey::keyvault
