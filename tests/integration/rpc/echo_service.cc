#include "tests/integration/rpc/echo_service.h"

namespace latchkey {
namespace {

// A handler may also end by the exception of an await after its cancellation.
class Counted {
 public:
  explicit Counted(std::atomic<int>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<int>& count_;
};

}  // namespace

EchoService::EchoService(rpc::Host& host) {
  using Methods = pb::Echo::AsyncService;
  host.Serve<pb::Echo>(*this)
      .Unary(&Methods::RequestSay, &EchoService::Say)
      .ServerStream(&Methods::RequestRepeat, &EchoService::Repeat)
      .Bidi(&Methods::RequestTalk, &EchoService::Talk);
}

// Sleeps until the harness cancels the handler; the context knows by then.
Task<absl::Status> EchoService::WaitForCancel(const rpc::CallContext& context) {
  const Counted counted(running);
  co_await clock_.Sleep(absl::Minutes(10));
  if (context.cancelled()) ++cancelled;
  co_return absl::CancelledError("woken");
}

Task<absl::Status> EchoService::Say(const rpc::CallContext& context, const pb::SayRequest& request,
                                    pb::SayResponse& response) {
  if (request.text() == "fail") {
    co_return Error(absl::StatusCode::kResourceExhausted, "too_many", "Come back later.",
                    {{"retry_after_seconds", "7"}});
  }
  if (request.text() == "wait") co_return co_await WaitForCancel(context);
  response.set_text(request.text());
  response.set_caller(context.caller().Name());
  response.set_call_id(context.call_id());
  co_return absl::OkStatus();
}

Task<absl::Status> EchoService::Repeat(const rpc::CallContext&, const pb::RepeatRequest& request,
                                       rpc::Writer<pb::RepeatResponse>& writer) {
  const Counted counted(running);
  pb::RepeatResponse response;
  response.set_text(request.text());
  absl::Status written;
  for (int i = 0; i != request.count() && written.ok(); ++i) {
    response.set_place(request.first() + i);
    written = co_await writer.Write(response);
  }
  if (request.text() == "fail" && written.ok()) {
    co_return Error(absl::StatusCode::kNotFound, "nothing_more", "That was all.");
  }
  co_return written;
}

Task<absl::Status> EchoService::Talk(const rpc::CallContext&,
                                     rpc::ReaderWriter<pb::TalkRequest, pb::TalkResponse>& stream) {
  while (true) {
    std::optional<pb::TalkRequest> request = co_await stream.Read();
    if (!request.has_value()) co_return absl::OkStatus();
    pb::TalkResponse response;
    response.set_text(request->text());
    absl::Status written = co_await stream.Write(response);
    if (!written.ok()) co_return written;
  }
}

rpc::HostOptions EchoTest::Options() {
  rpc::HostOptions options;
  options.service = "keyvault";
  options.tls = pki_.ForService("keyvault");
  options.drain_timeout = absl::Milliseconds(300);
  return options;
}

EchoTest::EchoTest() {
  host_ = std::make_unique<rpc::Host>(Options());
  service_ = std::make_unique<EchoService>(*host_);
}

absl::StatusOr<pb::SayResponse> EchoTest::Say(std::string text, absl::Duration deadline) {
  rpc::Client<pb::Echo> client = ClientOf(media_);
  pb::SayRequest request;
  request.set_text(std::move(text));
  const rpc::CallOptions options(deadline, "call_1", "tnt_1");
  return Await(io_, rpc::Call(client, &pb::Echo::Stub::PrepareAsyncSay, request, options));
}

}  // namespace latchkey
