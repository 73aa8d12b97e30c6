#include "sandbox/providers/cartesia_socket.h"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/error.h"
#include "sandbox/providers/cartesia_messages.h"

namespace latchkey::sandbox {
namespace {

namespace asio = boost::asio;

constexpr absl::Duration kSample = absl::Microseconds(125);
constexpr int kSpeed = 8;  // Audio is made so many times as fast as it is heard.
constexpr size_t kWaitingMax = 256;
constexpr absl::Duration kLookEvery = absl::Milliseconds(250);

bool EndsSentence(std::string_view text) {
  const size_t last = text.find_last_not_of(" \n");
  return last != std::string_view::npos &&
         std::string_view(".!?").find(text[last]) != std::string_view::npos;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \n") == std::string_view::npos;
}

}  // namespace

CartesiaSocket::CartesiaSocket(const World& world, CartesiaAccount& account, FaultPlayer faults,
                               std::string version, std::unique_ptr<http::Websocket> socket)
    : world_(world),
      account_(account),
      faults_(std::move(faults)),
      version_(std::move(version)),
      socket_(std::move(socket)),
      more_(world.executor),
      begun_(world.clock.Now()),
      last_message_(begun_) {}

Task<void> CartesiaSocket::Run() {
  using asio::experimental::awaitable_operators::operator&&;
  const CartesiaAccount::InUse open(account_.sockets);
  co_await (Listen() && Work());
}

Task<void> CartesiaSocket::Listen() {
  while (waiting_.size() < kWaitingMax) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    last_message_ = world_.clock.Now();
    GenerationRequest request = ReadGeneration(message->data, version_);
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
    TakeOverdue();
    if (waiting_.empty()) {
      co_await Rest();
      continue;
    }
    GenerationRequest request = std::move(waiting_.front());
    waiting_.pop_front();
    co_await Serve(std::move(request));
  }
  socket_->Abort();
}

bool CartesiaSocket::Stopped(const std::string& context_id) const {
  return cancelled_.contains(context_id) || dead_.contains(context_id);
}

// Until there is something to do, or a look at the limits is due.
Task<void> CartesiaSocket::Rest() {
  if (AtItsLimit(/*idle=*/true)) {
    const int code = world_.stage.scenario()->quirks.cartesia.close_code;
    co_await socket_->Close(static_cast<uint16_t>(code), "");
    over_ = true;
    co_return;
  }
  absl::Duration wait = kLookEvery;
  for (const auto& [id, context] : contexts_) {
    if (context.held.has_value()) wait = std::min(wait, context.due - world_.clock.Now());
  }
  more_.expires_after(absl::ToChronoNanoseconds(std::max(wait, absl::ZeroDuration())));
  boost::system::error_code woken;
  co_await more_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

bool CartesiaSocket::AtItsLimit(bool idle) const {
  const std::shared_ptr<const Scenario> scenario = world_.stage.scenario();
  const CartesiaQuirks& quirks = scenario->quirks.cartesia;
  const absl::Time now = world_.clock.Now();
  if (quirks.session_max > absl::ZeroDuration() && now - begun_ >= quirks.session_max) return true;
  return idle && now - last_message_ >= quirks.idle_max;
}

void CartesiaSocket::TakeOverdue() {
  for (auto& [id, context] : contexts_) {
    if (!context.held.has_value() || context.due > world_.clock.Now()) continue;
    GenerationRequest request = *std::move(context.held);
    context.held.reset();
    request.buffer_delay_max = absl::ZeroDuration();
    waiting_.push_front(std::move(request));
  }
}

// True when the text waits for more of its sentence.
bool CartesiaSocket::Hold(GenerationRequest& request) {
  Context& context = contexts_[request.context_id];
  absl::Time due = world_.clock.Now() + request.buffer_delay_max;
  if (context.held.has_value()) {
    request.transcript = context.held->transcript + request.transcript;
    due = context.due;
    context.held.reset();
  }
  const bool waits = request.more_follows && !request.flush &&
                     request.buffer_delay_max > absl::ZeroDuration() &&
                     !EndsSentence(request.transcript);
  if (!waits) return false;
  context.due = due;
  context.held = std::move(request);
  return true;
}

// After its last audio a context lives on for a second; then its id stands for a new one.
void CartesiaSocket::ForgetIfOld(const std::string& context_id) {
  const auto found = contexts_.find(context_id);
  if (found == contexts_.end() || found->second.held.has_value()) return;
  const absl::Duration life = world_.stage.scenario()->quirks.cartesia.context_life;
  if (world_.clock.Now() - found->second.last_audio > life) contexts_.erase(found);
}

CartesiaRefusal CartesiaSocket::WrongWith(const GenerationRequest& request) const {
  if (request.refusal.status != 0) return request.refusal;
  const std::shared_ptr<const Scenario> scenario = world_.stage.scenario();
  const std::vector<std::string>& unknown = scenario->quirks.cartesia.unknown_voices;
  if (std::ranges::find(unknown, request.voice_id) != unknown.end()) {
    return {404, "voice_not_found", "No voice exists with this id."};
  }
  const auto found = contexts_.find(request.context_id);
  const bool changed = found != contexts_.end() && !found->second.settings.empty() &&
                       found->second.settings != request.settings;
  if (changed) return {400, "", "A context keeps its model, voice, language and output format."};
  return {};
}

Task<void> CartesiaSocket::Serve(GenerationRequest request) {
  const std::string context_id = request.context_id;
  if (Stopped(context_id)) co_return;
  ForgetIfOld(context_id);
  const CartesiaRefusal wrong = WrongWith(request);
  absl::Status status;
  if (wrong.status != 0) {
    status = co_await Fail(context_id, wrong);
  } else if (!Hold(request)) {
    status = co_await Generate(request);
  }
  if (!status.ok()) over_ = true;
}

Task<absl::Status> CartesiaSocket::Fail(const std::string& context_id,
                                        const CartesiaRefusal& refusal) {
  contexts_.erase(context_id);
  const std::string message = CartesiaErrorMessage(context_id, refusal, version_);
  co_return co_await socket_->WriteText(message);
}

Task<absl::Status> CartesiaSocket::Generate(const GenerationRequest& request) {
  const std::string& context_id = request.context_id;
  contexts_[context_id].settings = request.settings;
  if (!IsBlank(request.transcript)) {
    const std::shared_ptr<const Scenario> scenario = world_.stage.scenario();
    const auto characters = static_cast<int64_t>(request.transcript.size());
    const CartesiaRefusal refusal = account_.Speak(characters, scenario->quirks.cartesia);
    if (refusal.status != 0) co_return co_await Fail(context_id, refusal);
    const CartesiaAccount::InUse generating(account_.generating);
    absl::Status spoken = co_await Speak(request);
    if (!spoken.ok()) co_return spoken;
  }
  if (Stopped(context_id)) co_return absl::OkStatus();
  if (request.flush) {
    const std::string flushed = FlushDoneMessage(context_id, contexts_[context_id].flushes++);
    absl::Status told = co_await Tell(context_id, flushed);
    if (!told.ok()) co_return told;
  }
  if (request.more_follows) co_return absl::OkStatus();
  const std::string done = DoneMessage(context_id);
  absl::Status told = co_await Tell(context_id, done, /*last=*/true);
  contexts_.erase(context_id);
  co_return told;
}

Task<absl::Status> CartesiaSocket::Speak(const GenerationRequest& request) {
  const std::string& context_id = request.context_id;
  const std::shared_ptr<const Scenario> scenario = world_.stage.scenario();
  if (!contexts_[context_id].told) {
    co_await world_.clock.Sleep(world_.stage.Draw(scenario->latencies.tts_first_byte));
  }
  absl::StatusOr<std::shared_ptr<const Speech>> speech =
      co_await world_.speech.synthesizer().Speak(scenario->agent_voice, request.transcript);
  if (!speech.ok()) {
    const CartesiaRefusal failed(500, "", Message(speech.status()));
    dead_.insert(context_id);
    co_return co_await Fail(context_id, failed);
  }
  const std::vector<uint8_t>& mulaw = (*speech)->mulaw;
  Context& context = contexts_[context_id];
  const int64_t offset =
      std::exchange(context.samples, context.samples + static_cast<int64_t>(mulaw.size()));
  if (request.timestamps) {
    const std::string timestamps = TimestampsMessage(context_id, (*speech)->words, offset);
    absl::Status told = co_await Tell(context_id, timestamps);
    if (!told.ok()) co_return told;
  }
  const std::string_view audio(reinterpret_cast<const char*>(mulaw.data()), mulaw.size());
  co_return co_await SendAudio(request, audio);
}

Task<absl::Status> CartesiaSocket::SendAudio(const GenerationRequest& request,
                                             std::string_view audio) {
  const std::string& context_id = request.context_id;
  const std::shared_ptr<const Scenario> scenario = world_.stage.scenario();
  const CartesiaQuirks& quirks = scenario->quirks.cartesia;
  const bool too_late = quirks.cancel_is_late && !cancelled_.contains(context_id);
  while (!audio.empty() && !over_ && !dead_.contains(context_id)) {
    if (cancelled_.contains(context_id) && !too_late) break;
    const int size = quirks.chunk_bytes[next_size_++ % quirks.chunk_bytes.size()];
    const std::string_view piece = audio.substr(0, static_cast<size_t>(size));
    const std::string chunk = ChunkMessage(context_id, piece, contexts_[context_id].flushes);
    absl::Status told = co_await Tell(context_id, chunk);
    if (!told.ok()) co_return told;
    Context& context = contexts_[context_id];
    ++context.chunks;
    context.last_audio = world_.clock.Now();
    audio.remove_prefix(piece.size());
    co_await world_.clock.Sleep(kSample * static_cast<int64_t>(piece.size()) / kSpeed);
  }
  co_return absl::OkStatus();
}

std::vector<Fault::Moment> CartesiaSocket::MomentsOf(Context& context, bool last) const {
  std::vector<Fault::Moment> moments;
  if (!context.told) moments.push_back(Fault::Moment::kFirstByte);
  if (context.chunks > 0 && !context.passed_middle) {
    context.passed_middle = true;
    moments.push_back(Fault::Moment::kMidStream);
  }
  if (last) moments.push_back(Fault::Moment::kEnd);
  context.told = true;
  return moments;
}

// One message of a context's answer, unless a fault spoils it; then the context is dead, and the
// socket too if the fault was of that kind: Listen() notices.
Task<absl::Status> CartesiaSocket::Tell(const std::string& context_id, const std::string& message,
                                        bool last) {
  if (AtItsLimit(/*idle=*/false)) {
    const int code = world_.stage.scenario()->quirks.cartesia.close_code;
    co_await socket_->Close(static_cast<uint16_t>(code), "");
    co_return absl::CancelledError("the session is at its limit");
  }
  const FaultPlayer::Complaint complain = [&](const Fault& fault) {
    return CartesiaErrorMessage(context_id, CartesiaRefusalOf(fault.status, fault.code), version_);
  };
  const std::vector<Fault::Moment> moments = MomentsOf(contexts_[context_id], last);
  const Played played = co_await faults_.OnSocket(moments, *socket_, message, complain);
  if (played == Played::kOver) {
    dead_.insert(context_id);
    co_return absl::OkStatus();
  }
  co_return co_await socket_->WriteText(message);
}

}  // namespace latchkey::sandbox
