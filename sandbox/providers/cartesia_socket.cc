#include "sandbox/providers/cartesia_socket.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/error.h"

namespace latchkey::sandbox {
namespace {

namespace asio = boost::asio;

constexpr size_t kPieceBytes = 1600;                           // 200 ms of audio in a message,
constexpr absl::Duration kPieceTime = absl::Milliseconds(25);  // made eight times as fast.
constexpr size_t kWaitingMax = 256;

}  // namespace

CartesiaSocket::CartesiaSocket(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech,
                               std::unique_ptr<http::Websocket> socket)
    : clock_(clock),
      stage_(stage),
      speech_(speech),
      socket_(std::move(socket)),
      more_(executor, asio::steady_timer::time_point::max()) {}

Task<void> CartesiaSocket::Run() {
  using asio::experimental::awaitable_operators::operator&&;
  co_await (Listen() && Work());
}

Task<void> CartesiaSocket::Listen() {
  while (waiting_.size() < kWaitingMax) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    GenerationRequest request = ReadGeneration(message->data);
    if (request.cancel && request.refusal.status == 0) {
      cancelled_.insert(request.context_id);
    } else {
      waiting_.push_back(std::move(request));  // A wrong one too, since only the worker writes.
    }
    more_.cancel();
  }
  over_ = true;
  more_.cancel();
}

Task<void> CartesiaSocket::Work() {
  while (!over_) {
    if (waiting_.empty()) {
      boost::system::error_code woken;
      co_await more_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      continue;
    }
    const GenerationRequest request = std::move(waiting_.front());
    waiting_.pop_front();
    co_await Serve(request);
  }
  socket_->Abort();
}

Task<void> CartesiaSocket::Serve(const GenerationRequest& request) {
  const std::string& context_id = request.context_id;
  if (cancelled_.contains(context_id)) co_return;
  absl::Status status;
  if (request.refusal.status != 0) {
    const std::string refused = ErrorMessage(context_id, request.refusal);
    status = co_await Say(refused);
    contexts_.erase(context_id);
  } else {
    status = co_await Generate(request);
  }
  if (!status.ok()) over_ = true;
}

Task<absl::Status> CartesiaSocket::Generate(const GenerationRequest& request) {
  const std::string& context_id = request.context_id;
  absl::Status status;
  if (!request.transcript.empty() && request.transcript != " ") status = co_await Speak(request);
  if (!status.ok() || cancelled_.contains(context_id)) co_return status;
  if (request.flush) {
    const std::string flushed = FlushDoneMessage(context_id, contexts_[context_id].flushes++);
    status = co_await Say(flushed);
  }
  if (!status.ok() || request.more_follows) co_return status;
  contexts_.erase(context_id);
  const std::string done = DoneMessage(context_id);
  co_return co_await Say(done);
}

Task<absl::Status> CartesiaSocket::Speak(const GenerationRequest& request) {
  const std::string& context_id = request.context_id;
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  if (!contexts_[context_id].begun) {
    co_await clock_.Sleep(stage_.Draw(scenario->latencies.tts_first_byte));
  }
  absl::StatusOr<std::shared_ptr<const Speech>> speech =
      co_await speech_.synthesizer().Speak(scenario->agent_voice, request.transcript);
  if (!speech.ok()) {
    cancelled_.insert(context_id);
    const std::string failed = ErrorMessage(context_id, Refusal(500, "", Message(speech.status())));
    co_return co_await Say(failed);
  }
  const std::vector<uint8_t>& mulaw = (*speech)->mulaw;
  Context& context = contexts_[context_id];
  const int64_t offset =
      std::exchange(context.samples, context.samples + static_cast<int64_t>(mulaw.size()));
  context.begun = true;
  if (request.timestamps) {
    const std::string timestamps = TimestampsMessage(context_id, (*speech)->words, offset);
    absl::Status told = co_await Say(timestamps);
    if (!told.ok()) co_return told;
  }
  const std::string_view audio(reinterpret_cast<const char*>(mulaw.data()), mulaw.size());
  co_return co_await SendAudio(request, audio);
}

Task<absl::Status> CartesiaSocket::SendAudio(const GenerationRequest& request,
                                             std::string_view audio) {
  while (!audio.empty() && !over_ && !cancelled_.contains(request.context_id)) {
    const std::string_view piece = audio.substr(0, kPieceBytes);
    const std::string chunk = ChunkMessage(request.context_id, piece);
    absl::Status sent = co_await Say(chunk);
    if (!sent.ok()) co_return sent;
    const bool goes_on = co_await MidStream(request);
    if (!goes_on) co_return absl::CancelledError("a fault has ended it");
    audio.remove_prefix(piece.size());
    co_await clock_.Sleep(kPieceTime);
  }
  co_return absl::OkStatus();
}

Task<bool> CartesiaSocket::MidStream(const GenerationRequest& request) {
  const std::optional<Fault> fault =
      stage_.NextFault(Provider::kCartesia, Fault::Moment::kMidStream);
  if (!fault.has_value()) co_return true;
  if (fault->kind == Fault::Kind::kHang) co_await Hang();
  if (fault->kind == Fault::Kind::kStatus) {
    const Refusal refusal(fault->status, "", "Something went wrong");
    const std::string error = ErrorMessage(request.context_id, refusal);
    const absl::Status told = co_await Say(error);
    cancelled_.insert(request.context_id);
    co_return told.ok();
  }
  over_ = true;
  socket_->Abort();
  co_return false;
}

// Says nothing more, until the client has gone.
Task<void> CartesiaSocket::Hang() {
  while (!over_) {
    boost::system::error_code woken;
    co_await more_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

Task<absl::Status> CartesiaSocket::Say(const std::string& text) {
  co_return co_await socket_->WriteText(text);
}

}  // namespace latchkey::sandbox
