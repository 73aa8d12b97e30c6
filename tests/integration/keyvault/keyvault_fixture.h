// KeyvaultFixture: keyvault as it runs, on real Postgres and real mTLS, with a fake validator.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/rpc/client.h"
#include "lib/secret/sealed_box.h"
#include "lib/secret/signature.h"
#include "services/keyvault/wiring.h"
#include "tests/integration/keyvault/fake_validator.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {

using Stub = v1::KeyVault::Stub;

class KeyvaultFixture : public testing::Test {
 protected:
  KeyvaultFixture();

  // Calls as `identity` ("gateway", "media/m1").
  template <typename Response, typename Request>
  absl::StatusOr<Response> CallAs(std::string_view identity,
                                  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (
                                      Stub::*prepare)(grpc::ClientContext*, const Request&,
                                                      grpc::CompletionQueue*),
                                  const Request& request);

  // A candidate sealed to the intake key that keyvault tells.
  v1::Candidate Seal(std::string_view tenant, type::v1::Provider provider,
                     const std::map<std::string, std::string>& fields);
  absl::StatusOr<v1::PutKeyResponse> Put(std::string_view tenant, type::v1::Provider provider,
                                         const std::map<std::string, std::string>& fields,
                                         std::string_view request_id);
  std::string RunSql(const std::string& sql) { return cluster_.Run(database_.superuser, sql); }

  PostgresCluster& cluster_ = PostgresCluster::Shared();
  TestDatabase database_ = cluster_.MakeDatabase("keyvault");
  Pki pki_;
  boost::asio::io_context io_{1};
  secret::SigningKey dialer_ = secret::SigningKey::Make();
  FakeValidator validator_;
  std::unique_ptr<rpc::Host> validator_host_;
  std::unique_ptr<RunningHost> validator_run_;
  std::unique_ptr<rpc::Host> host_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<RunningHost> run_;

 private:
  rpc::Client<v1::KeyVault>& ClientAs(std::string_view identity);
  void StartValidator();
  void StartKeyvault();

  struct CallerOf {
    std::unique_ptr<rpc::Peers> peers;
    std::unique_ptr<rpc::Client<v1::KeyVault>> client;
  };
  std::map<std::string, CallerOf, std::less<>> callers_;
};

template <typename Response, typename Request>
absl::StatusOr<Response> KeyvaultFixture::CallAs(
    std::string_view identity,
    std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (Stub::*prepare)(
        grpc::ClientContext*, const Request&, grpc::CompletionQueue*),
    const Request& request) {
  const rpc::CallOptions options(absl::Seconds(20));
  return Await(io_, rpc::Call(ClientAs(identity), prepare, request, options));
}

}  // namespace latchkey::keyvault
