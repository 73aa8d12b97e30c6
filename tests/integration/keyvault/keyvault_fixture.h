// KeyvaultFixture: keyvault as it runs, on real Postgres and real mTLS, with a fake validator.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/rpc/client.h"
#include "lib/secret/sealed_box.h"
#include "lib/secret/signature.h"
#include "services/keyvault/wiring.h"
#include "tests/integration/keyvault/fake_validator.h"
#include "tests/integration/keyvault/ring_folder.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {

using Stub = v1::KeyVault::Stub;

// Keyvault runs in this process, so that the sanitizers see it; KeyvaultProgram is the real
// program, for what only a process can do. Both are started with the same files, and serve the same
// database.
class KeyvaultFixture : public testing::Test {
 protected:
  // `settings` are flags besides those that every test needs.
  explicit KeyvaultFixture(std::vector<std::string> settings = {});

  // Calls as `identity` ("gateway", "media/m1").
  template <typename Response, typename Request>
  absl::StatusOr<Response> CallAs(std::string_view identity,
                                  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (
                                      Stub::*prepare)(grpc::ClientContext*, const Request&,
                                                      grpc::CompletionQueue*),
                                  const Request& request) {
    return Await(
        io_, rpc::Call(ClientAs(identity), prepare, request, rpc::CallOptions(absl::Seconds(20))));
  }
  rpc::Client<v1::KeyVault>& ClientAs(std::string_view identity);

  // A candidate sealed to the intake key that keyvault tells.
  v1::Candidate Seal(std::string_view tenant, type::v1::Provider provider,
                     const std::map<std::string, std::string>& fields);
  absl::StatusOr<v1::PutKeyResponse> Put(std::string_view tenant, type::v1::Provider provider,
                                         const std::map<std::string, std::string>& fields,
                                         std::string_view request_id);
  std::string RunSql(const std::string& sql) { return cluster_.Run(database_.superuser, sql); }
  int Count(const std::string& from) { return std::stoi(RunSql("SELECT count(*) FROM " + from)); }

  // Looks every 10 ms until `holds`; false when it never did within `limit`.
  template <typename Condition>
  bool Eventually(Condition holds, absl::Duration limit = absl::Seconds(20));

  // The flags of a keyvault that reaches Postgres by `conninfo`.
  std::vector<std::string> Arguments(const std::string& conninfo);
  void StartKeyvault() { StartKeyvault(database_.service); }
  void StartKeyvault(const std::string& conninfo);
  // Drains it: what it counts is written down.
  void StopKeyvault();
  // One more flag, for those that start from now on.
  void AddSetting(const std::string& flag) { settings_.push_back(flag); }
  // How old connections grow, and what their streams have then, of those that start from now on.
  void LetConnectionsAge(absl::Duration age, absl::Duration grace) {
    connection_age_ = age;
    connection_grace_ = grace;
  }
  // Whom CallAs calls from now on: the one in this process, or another.
  void Address(const std::string& address) { address_ = address; }

  PostgresCluster& cluster_ = PostgresCluster::Shared();
  TestDatabase database_ = cluster_.MakeDatabase("keyvault");
  Pki pki_;
  RingFolder ring_;
  boost::asio::io_context io_{1};
  secret::SigningKey dialer_ = secret::SigningKey::Make();
  FakeValidator validator_;
  std::unique_ptr<rpc::Host> validator_host_;
  std::unique_ptr<RunningHost> validator_run_;
  std::unique_ptr<rpc::Host> host_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<RunningHost> run_;

 private:
  void StartValidator();

  struct CallerOf {
    std::unique_ptr<rpc::Peers> peers;
    std::unique_ptr<rpc::Client<v1::KeyVault>> client;
  };
  std::vector<std::string> settings_;
  std::optional<absl::Duration> connection_age_;
  absl::Duration connection_grace_;
  std::string address_;
  std::map<std::pair<std::string, std::string>, CallerOf> callers_;  // By address and identity.
};

template <typename Condition>
bool KeyvaultFixture::Eventually(Condition holds, absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (!holds()) {
    if (absl::Now() >= end) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

}  // namespace latchkey::keyvault
