#include "tests/support/caller_matrix.h"

#include <fmt/format.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "latchkey/type/v1/callers.pb.h"
#include "lib/base/error.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/identity.h"
#include "lib/rpc/peers.h"

namespace latchkey {
namespace {

// Who tries.
struct Stranger {
  std::string what;
  std::string service;  // The name that `callers` would have to contain; "" for one never let in.
  std::shared_ptr<grpc::Channel> channel;
  bool refused_at_handshake = false;
};

// Ends the calls that a server leaves unanswered, which is a failure.
constexpr std::chrono::seconds kPatience{10};

grpc::Status CallWithoutDeadline(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::string& path) {
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  grpc::GenericStub stub(channel);
  const grpc::ByteBuffer nothing(nullptr, 0);
  grpc::ByteBuffer answer;
  grpc::Status status;
  const auto call = stub.PrepareUnaryCall(&context, path, nothing, &queue);
  call->StartCall();
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  const auto limit = std::chrono::system_clock::now() + kPatience;
  if (queue.AsyncNext(&tag, &ok, limit) == grpc::CompletionQueue::TIMEOUT) {
    context.TryCancel();
    queue.Next(&tag, &ok);
  }
  return status;
}

std::shared_ptr<grpc::Channel> WithoutCertificate(const rpc::TlsIdentity& identity,
                                                  const std::string& address) {
  rpc::TlsIdentity anonymous = identity;
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = anonymous.ca_pem;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
}

// Keeps the Peers alive that the channels were made with.
class Crowd {
 public:
  Crowd(Pki& pki, const std::string& server_name, const std::string& address)
      : server_name_(server_name), address_(address) {
    for (const std::string_view name : rpc::KnownServices()) {
      Add(std::string(name), std::string(name), pki.ForService(name));
    }
    Add("an instance of media", "media", pki.ForService("media/m7"));
    Add("two URI SANs", "",
        pki.Issue({.uris = {"spiffe://latchkey/ops", "spiffe://latchkey/gateway"}}));
    Add("a common name alone", "", pki.Issue({.common_name = "spiffe://latchkey/ops"}));
    Add("no name at all", "", pki.Issue({.common_name = ""}));
    Add("a name in DNS alone", "", pki.Issue({.dns = {"ops"}}));
    Add("a foreign trust domain", "", pki.Issue({.uris = {"spiffe://elsewhere/ops"}}));
    Add("an unknown service", "", pki.Issue({.uris = {"spiffe://latchkey/stranger"}}));
    AddRefusedAtHandshake(pki);
  }
  const std::vector<Stranger>& strangers() const { return strangers_; }

 private:
  void Add(std::string what, std::string service, const rpc::TlsFiles& files) {
    peers_.push_back(std::make_unique<rpc::Peers>(Unchecked(files)));
    strangers_.push_back(
        {std::move(what), std::move(service), peers_.back()->Connect(server_name_, address_)});
  }
  void AddRefusedAtHandshake(Pki& pki) {
    rpc::TlsFiles files = other_authority_.ForService("ops");
    files.ca = pki.ca_file();  // It trusts the server; the server does not trust it.
    Add("another CA", "", files);
    strangers_.back().refused_at_handshake = true;
    Add("expired", "",
        pki.Issue({.uris = {"spiffe://latchkey/ops"}, .valid_for = -absl::Minutes(1)}));
    strangers_.back().refused_at_handshake = true;
    strangers_.push_back(
        {"no certificate", "", WithoutCertificate(Loaded(pki.ForService("ops")), address_), true});
  }

  const std::string server_name_, address_;
  Pki other_authority_;
  std::vector<std::unique_ptr<rpc::Peers>> peers_;
  std::vector<Stranger> strangers_;
};

bool Names(const google::protobuf::MethodDescriptor& method, const std::string& service) {
  const int count = method.options().ExtensionSize(latchkey::type::v1::callers);
  for (int i = 0; i < count; ++i) {
    if (method.options().GetExtension(latchkey::type::v1::callers, i) == service) return true;
  }
  return false;
}

void Expect(const google::protobuf::MethodDescriptor& method, const Stranger& stranger) {
  SCOPED_TRACE(fmt::format("{} calls {}", stranger.what, method.full_name()));
  const std::string path = fmt::format("/{}/{}", method.service()->full_name(), method.name());
  const grpc::Status status = CallWithoutDeadline(stranger.channel, path);
  if (stranger.refused_at_handshake) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  } else if (!stranger.service.empty() && Names(method, stranger.service)) {
    EXPECT_EQ(Reason(rpc::FromGrpc(status)), "deadline_missing") << status.error_message();
  } else {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << status.error_message();
  }
}

}  // namespace

void ExpectCallersAreEnforced(Pki& pki, const std::string& server_name, const std::string& address,
                              const google::protobuf::ServiceDescriptor& service) {
  const Crowd crowd(pki, server_name, address);
  for (int i = 0; i < service.method_count(); ++i) {
    for (const Stranger& stranger : crowd.strangers()) Expect(*service.method(i), stranger);
  }
}

}  // namespace latchkey
