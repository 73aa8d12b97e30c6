// random-requests SEED COUNT CA FOLDER SERVICE=ADDRESS…: sends COUNT random requests to each method
// of each service, as the callers that its contract names.
//
// FOLDER holds the callers' certificates ("gateway.pem", "gateway.key", "media-m1.pem"); words that
// the services know come on standard input, one a line. A word that begins with CANARY must not
// come back in an error. Output: a line "METHOD TAB CODE TAB REASON TAB COUNT" for each kind of
// answer. Exits 1, after a line "BROKEN …", when a service answers INTERNAL or UNKNOWN, goes away,
// or tells the canary.
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/time/clock.h"
#include "latchkey/billing/v1/billing.pb.h"
#include "latchkey/dialer/v1/dialer.pb.h"
#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "latchkey/media/v1/media.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "latchkey/type/v1/callers.pb.h"
#include "latchkey/validator/v1/validator.pb.h"
#include "lib/base/error.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/tls.h"
#include "tests/security/random_requests/attempt.h"
#include "tests/security/random_requests/random_message.h"

namespace latchkey::random_requests {
namespace {

constexpr int kInFlight = 12;  // Below every method's `concurrent`.
constexpr absl::Duration kLimit = absl::Seconds(20);
// Of a stream: one that watches what does not change says nothing, and is in order.
constexpr absl::Duration kStreamLimit = absl::Seconds(2);
constexpr int kBrokenTold = 20;
// gRPC's own words for bytes that are no message of the method; no service sees them.
constexpr char kNotAMessage[] = "Unable to parse request";

struct Run {
  uint64_t seed = 0;
  int count = 0;
  std::string ca;
  std::string folder;
  std::vector<std::string> words;
  std::map<std::tuple<std::string, std::string, std::string>, int> answers;
  int broken = 0;
};

const google::protobuf::ServiceDescriptor* ServiceOf(const std::string& name) {
  const std::map<std::string, const google::protobuf::Descriptor*> one_message = {
      {"billing", billing::v1::GetUsageRequest::descriptor()},
      {"dialer", dialer::v1::GetCallRequest::descriptor()},
      {"keyvault", keyvault::v1::PutKeyRequest::descriptor()},
      {"media", media::v1::EndCallRequest::descriptor()},
      {"orchestrator", orchestrator::v1::SetModeRequest::descriptor()},
      {"validator", validator::v1::ProbeRequest::descriptor()}};
  const auto found = one_message.find(name);
  return found == one_message.end() ? nullptr : found->second->file()->service(0);
}

std::vector<std::shared_ptr<grpc::Channel>> ChannelsOf(
    const Run& run, const google::protobuf::MethodDescriptor& method, const std::string& server,
    const std::string& address) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < method.options().ExtensionSize(type::v1::callers); ++i) {
    std::string caller = method.options().GetExtension(type::v1::callers, i);
    if (caller == "media") caller = "media-m1";
    const std::string stem = run.folder + "/" + caller;
    absl::StatusOr<rpc::TlsIdentity> identity =
        rpc::LoadTls({.cert = stem + ".pem", .key = stem + ".key", .ca = run.ca});
    if (!identity.ok()) {
      std::fprintf(stderr, "%s\n", Message(identity.status()).c_str());
      std::exit(2);
    }
    channels.push_back(grpc::CreateChannel(address, rpc::ClientTls(*identity, server)));
  }
  return channels;
}

bool TellsCanary(const grpc::Status& status) {
  return (status.error_message() + status.error_details()).find("CANARY") != std::string::npos;
}

// True: the answer is none, since the caller has asked too often; the attempt is repeated.
bool Judge(Run& run, const Attempt& attempt) {
  const grpc::Status& status = attempt.status();
  const std::string reason = Reason(rpc::FromGrpc(status));
  if (reason == "rate_limited") return true;
  const absl::StatusCode code = static_cast<absl::StatusCode>(status.error_code());
  ++run.answers[{attempt.path(), absl::StatusCodeToString(code), reason}];
  const bool unread = status.error_message() == kNotAMessage;
  const bool gone = status.error_code() == grpc::StatusCode::UNAVAILABLE &&
                    status.error_details().empty() && !attempt.cancelled_by_us();
  const bool failed = (status.error_code() == grpc::StatusCode::INTERNAL && !unread) ||
                      status.error_code() == grpc::StatusCode::UNKNOWN || gone;
  if ((failed || TellsCanary(status)) && ++run.broken <= kBrokenTold) {
    std::printf("BROKEN %s: %d %s (seed %llu, request %d, %zu bytes)\n", attempt.path().c_str(),
                static_cast<int>(status.error_code()), status.error_message().c_str(),
                static_cast<unsigned long long>(run.seed), attempt.number(),
                attempt.bytes().size());
  }
  return false;
}

// Where both sides stream, the server speaks first; a watch that has told what there is waits.
int ReadsOf(const google::protobuf::MethodDescriptor& method) {
  if (method.client_streaming()) return 2;
  return method.server_streaming() ? 1 : 0;
}

void Try(Run& run, const google::protobuf::MethodDescriptor& method, const std::string& server,
         const std::string& address) {
  const std::string path = "/" + method.service()->full_name() + "/" + method.name();
  const auto channels = ChannelsOf(run, method, server, address);
  const int reads = ReadsOf(method);
  RandomMessage messages(run.seed + std::hash<std::string>()(path), run.words);
  grpc::CompletionQueue queue;
  int made = 0, flying = 0;
  std::deque<std::unique_ptr<Attempt>> refused;
  while (made < run.count || flying > 0 || !refused.empty()) {
    while (flying < kInFlight && (made < run.count || !refused.empty())) {
      std::unique_ptr<Attempt> attempt = std::make_unique<Attempt>(
          path, reads,
          refused.empty() ? messages.BytesOf(*method.input_type()) : refused.front()->bytes(),
          refused.empty() ? made++ : refused.front()->number());
      if (!refused.empty()) {
        refused.pop_front();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // Its limit refills.
      }
      const size_t caller = static_cast<size_t>(attempt->number()) % channels.size();
      attempt.release()->Start(channels[caller], queue, reads == 0 ? kLimit : kStreamLimit);
      ++flying;
    }
    void* tag = nullptr;
    bool ok = false;
    if (!queue.Next(&tag, &ok)) return;
    std::unique_ptr<Attempt> attempt(static_cast<Attempt*>(tag));
    if (!attempt->OnEvent(ok)) {
      attempt.release();
      continue;
    }
    --flying;
    if (Judge(run, *attempt)) refused.push_back(std::move(attempt));
  }
}

int Main(int argc, char** argv) {
  if (argc < 6) return 2;
  Run run;
  run.seed = std::strtoull(argv[1], nullptr, 10);
  run.count = std::atoi(argv[2]);
  run.ca = argv[3];
  run.folder = argv[4];
  for (std::string word; std::getline(std::cin, word);) run.words.push_back(word);
  for (int i = 5; i < argc; ++i) {
    const std::string argument = argv[i];
    const size_t sign = argument.find('=');
    const std::string server = argument.substr(0, sign);
    const auto* service = ServiceOf(server.substr(0, server.find('/')));
    if (sign == std::string::npos || service == nullptr) return 2;
    for (int j = 0; j < service->method_count(); ++j) {
      Try(run, *service->method(j), server, argument.substr(sign + 1));
    }
  }
  for (const auto& [kind, count] : run.answers) {
    const auto& [path, code, reason] = kind;
    std::printf("%s\t%s\t%s\t%d\n", path.c_str(), code.c_str(), reason.c_str(), count);
  }
  return run.broken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace latchkey::random_requests

int main(int argc, char** argv) { return latchkey::random_requests::Main(argc, argv); }
