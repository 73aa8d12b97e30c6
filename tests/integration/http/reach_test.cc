// Where a client may go: judged by the address that it connects to, not by the name.
#include <map>
#include <vector>

#include "lib/http/public_address.h"
#include "tests/integration/http/http_fixture.h"
#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::make_address;

// Gives a name's answers one after the other, the last again and again, as a DNS server of an
// attacker does.
class FakeResolver final : public Resolver {
 public:
  Task<absl::StatusOr<std::vector<address>>> Resolve(const std::string& host) override {
    ++lookups;
    std::vector<address> found = answers[host].front();
    if (answers[host].size() > 1) answers[host].erase(answers[host].begin());
    co_return found;
  }

  std::map<std::string, std::vector<std::vector<address>>> answers;
  int lookups = 0;
};

class ReachTest : public HttpFixture {
 protected:
  // The server's own address alone stands for the open internet.
  static bool OnlyLocalhost(const address& address) { return address == make_address("127.0.0.1"); }

  absl::StatusOr<Response> GetWith(Client& client, std::string_view host) {
    const Request request("GET", UrlOf("/echo", host));
    return Await(io_, client.Send(request, limits_));
  }

  ClientOptions OptionsOf(bool (*may_connect)(const address&)) {
    ClientOptions options;
    options.reach = {.resolver = &resolver_, .may_connect = may_connect};
    return options;
  }

  FakeResolver resolver_;
};

TEST_F(ReachTest, AnAddressThatIsNotPublicIsNotConnectedTo) {
  Client client(io_.get_executor(), *tls_, OptionsOf(IsPublic));
  resolver_.answers = {{"private.test", {{make_address("10.0.0.1")}}},
                       {"loopback.test", {{make_address("127.0.0.1")}}},
                       {"linklocal.test", {{make_address("169.254.169.254")}}},
                       {"mapped.test", {{make_address("::ffff:127.0.0.1")}}},
                       {"six.test", {{make_address("::1"), make_address("fe80::1")}}}};

  for (const auto& [name, answer] : resolver_.answers) {
    EXPECT_THAT(GetWith(client, name),
                StatusIs(absl::StatusCode::kPermissionDenied, "forbidden_address"))
        << name;
  }
  for (const char* literal : {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3"}) {
    EXPECT_THAT(GetWith(client, literal),
                StatusIs(absl::StatusCode::kPermissionDenied, "forbidden_address"))
        << literal;
  }
  EXPECT_EQ(handler_.requests, 0);
  EXPECT_EQ(client.connections_opened(), 0u);
}

TEST_F(ReachTest, OfSeveralAddressesOnlyThoseThatItMayGoToAreTried) {
  Client client(io_.get_executor(), *tls_, OptionsOf(OnlyLocalhost));
  resolver_.answers["localhost"] = {{make_address("10.255.255.1"), make_address("127.0.0.1")}};

  const absl::StatusOr<Response> response = GetWith(client, "localhost");

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(handler_.requests, 1);
}

TEST_F(ReachTest, ANameThatChangesItsAnswerIsJudgedByTheOneThatIsConnectedTo) {
  Client client(io_.get_executor(), *tls_, OptionsOf(OnlyLocalhost));
  resolver_.answers["localhost"] = {{make_address("127.0.0.1")}, {make_address("10.0.0.1")}};

  const absl::StatusOr<Response> first = GetWith(client, "localhost");

  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(resolver_.lookups, 1);  // Not once to judge and once to connect.

  Client other(io_.get_executor(), *tls_, OptionsOf(OnlyLocalhost));
  EXPECT_THAT(GetWith(other, "localhost"),
              StatusIs(absl::StatusCode::kPermissionDenied, "forbidden_address"));
  EXPECT_EQ(handler_.requests, 1);
}

}  // namespace
}  // namespace latchkey::http
