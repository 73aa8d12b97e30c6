#include "sandbox/providers/openai_socket.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace latchkey::sandbox {
namespace {

namespace asio = boost::asio;

constexpr absl::Duration kLookEvery = absl::Milliseconds(20);
constexpr absl::Duration kPiece = absl::Milliseconds(200);
constexpr size_t kOutboxMax = 8192;  // A client that does not read is given up.
constexpr size_t kSoundsMax = 256;

}  // namespace

OpenaiSocket::OpenaiSocket(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech,
                           OpenaiSessionOptions options, FaultPlayer player,
                           std::unique_ptr<http::Websocket> socket)
    : clock_(clock),
      stage_(stage),
      speech_(speech),
      scenario_(options.scenario),
      session_(std::move(options)),
      ears_(speech.recognizer(), session_.config()),
      player_(std::move(player)),
      socket_(std::move(socket)),
      more_(executor, asio::steady_timer::time_point::max()) {}

Task<void> OpenaiSocket::Run() {
  using asio::experimental::awaitable_operators::operator&&;
  Apply(session_.Begin());
  co_await (Listen() && Write() && Understand() && Speak() && WatchTime());
}

void OpenaiSocket::End() {
  over_ = true;
  Wake();
}

Task<void> OpenaiSocket::Woken() {
  boost::system::error_code woken;
  co_await more_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

Task<void> OpenaiSocket::Listen() {
  while (!over_) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    Apply(message->text ? session_.OnText(message->data, clock_.Now()) : session_.OnBinary());
  }
  End();
}

Task<void> OpenaiSocket::Write() {
  bool usable = true;
  while (usable && !over_) {
    if (outbox_.empty()) {
      co_await Woken();
      continue;
    }
    OpenaiAction action = std::move(outbox_.front());
    outbox_.pop_front();
    usable = co_await WriteOne(std::move(action));
  }
  End();
  socket_->Abort();
}

Task<bool> OpenaiSocket::WriteOne(OpenaiAction action) {
  if (action.kind == OpenaiAction::Kind::kClose) {
    co_await socket_->Close(action.close_code, action.text);
    co_return false;
  }
  if (action.moment.has_value()) {
    complained_ = false;
    const FaultPlayer::Complaint complain = [this](const Fault& fault) { return Complain(fault); };
    const Played played =
        co_await player_.OnSocket(*action.moment, *socket_, action.text, complain);
    if (played == Played::kOver) {
      DropRest(action.response_id);
      co_return complained_;
    }
  } else if (!action.response_id.empty()) {
    co_await player_.Slow();
  }
  const absl::Status written = co_await socket_->WriteText(action.text);
  co_return written.ok();
}

// The response fails; one that is done already leaves only an error to be told.
std::string OpenaiSocket::Complain(const Fault& fault) {
  complained_ = true;
  const OpenaiError error = OpenaiErrorFor(fault.status, fault.code);
  OpenaiActions actions = session_.FailResponse(error, clock_.Now());
  if (actions.empty()) {
    boost::json::object event = OpenaiErrorEvent(error, "");
    event["event_id"] = "event_fault";
    return boost::json::serialize(event);
  }
  std::string done = std::move(actions.front().text);
  actions.erase(actions.begin());
  Apply(std::move(actions));
  return done;
}

void OpenaiSocket::DropRest(const std::string& response_id) {
  std::erase_if(outbox_,
                [&](const OpenaiAction& action) { return action.response_id == response_id; });
}

void OpenaiSocket::Apply(OpenaiActions actions) {
  for (OpenaiAction& action : actions) Do(std::move(action));
  Wake();
}

void OpenaiSocket::Do(OpenaiAction action) {
  switch (action.kind) {
    case OpenaiAction::Kind::kSend:
    case OpenaiAction::Kind::kClose:
      outbox_.push_back(std::move(action));
      if (outbox_.size() > kOutboxMax) End();
      break;
    case OpenaiAction::Kind::kHear:
      Hear(action.text);
      break;
    case OpenaiAction::Kind::kCommit:
      Commit(std::move(action.item_id));
      break;
    case OpenaiAction::Kind::kForget:
      ears_.Forget();
      if (turn_.has_value()) turn_->Take();
      break;
    case OpenaiAction::Kind::kListen:
      Listen(session_.config());
      break;
    case OpenaiAction::Kind::kRespond:
      break;  // Speak() looks for it.
  }
}

void OpenaiSocket::Listen(const OpenaiConfig& config) {
  ears_.Listen(config);
  turn_.reset();
  const OpenaiTurnDetection detection = config.turn_detection();
  if (detection.kind == OpenaiTurnDetection::Kind::kSemanticVad) {
    turn_.emplace(detection.longest_wait);
  }
}

void OpenaiSocket::Hear(std::string_view audio) {
  for (Hearing::Event& event : ears_.Push(audio)) OnVoice(std::move(event));
}

void OpenaiSocket::OnVoice(Hearing::Event event) {
  const bool begins = event.kind == Hearing::Event::kSpeechStarted;
  if (begins && turn_.has_value() && !turn_->OnStarted(event.start)) return;
  if (begins) return Apply(session_.OnSpeechStarted(event.start, clock_.Now()));
  if (turn_.has_value()) return OnPause(std::move(event));
  ended_ = std::move(event.recognition);
  const absl::Duration noticed = event.end + session_.config().turn_detection().silence;
  Apply(session_.OnSpeechStopped(event.start, noticed, clock_.Now()));
}

// A semantic turn may be over; its words will tell.
void OpenaiSocket::OnPause(Hearing::Event event) {
  turn_->OnPaused(event.end);
  Sound sound;
  sound.recognition = std::move(event.recognition);
  sounds_.push_back(std::move(sound));
  if (sounds_.size() > kSoundsMax) End();
}

void OpenaiSocket::Commit(std::string item_id) {
  if (known_words_.has_value()) {
    Understood(item_id, *std::exchange(known_words_, std::nullopt));
    return;
  }
  Sound sound;
  sound.item_id = std::move(item_id);
  sound.recognition = ended_ != nullptr ? std::move(ended_) : ears_.Commit();
  sounds_.push_back(std::move(sound));
  if (sounds_.size() > kSoundsMax) End();
}

Task<void> OpenaiSocket::Understand() {
  while (!over_) {
    if (sounds_.empty()) {
      co_await Woken();
      continue;
    }
    Sound sound = std::move(sounds_.front());
    sounds_.pop_front();
    std::string words;
    if (sound.recognition != nullptr) {
      absl::StatusOr<Recognized> said = co_await sound.recognition->Finish();
      if (said.ok()) words = std::move(said->text);
    }
    if (!sound.item_id.empty()) {
      Understood(sound.item_id, std::move(words));
    } else if (turn_.has_value() && turn_->open()) {
      turn_->OnWords(words, clock_.Now());
    }
    Wake();
  }
}

void OpenaiSocket::Understood(const std::string& item_id, std::string words) {
  session_.OnHeard(item_id, std::move(words));
  Transcription transcription;
  transcription.item_id = item_id;
  transcription.due = clock_.Now() + stage_.Draw(scenario_->latencies.stt_final) +
                      scenario_->quirks.openai.transcription_late;
  transcriptions_.push_back(std::move(transcription));
}

void OpenaiSocket::EndTurn() {
  OpenaiSemanticTurn::Turn turn = turn_->Take();
  known_words_ = std::move(turn.words);
  Apply(session_.OnSpeechStopped(turn.start, turn.end, clock_.Now()));
}

Task<void> OpenaiSocket::WatchTime() {
  while (!over_) {
    co_await clock_.Sleep(kLookEvery);
    const absl::Time now = clock_.Now();
    if (turn_.has_value() && turn_->Over(now)) EndTurn();
    OpenaiActions actions = session_.OnTime(now);
    while (!transcriptions_.empty() && transcriptions_.front().due <= now) {
      Apply(session_.OnTranscribed(transcriptions_.front().item_id));
      transcriptions_.pop_front();
    }
    if (!actions.empty()) Apply(std::move(actions));
  }
}

absl::Duration OpenaiSocket::PieceTime() {
  if (session_.speaks()) return kPiece / scenario_->quirks.openai.speed;
  return stage_.Draw(scenario_->latencies.llm_token);
}

Task<void> OpenaiSocket::Speak() {
  while (!over_) {
    if (!session_.WantsReply()) {
      co_await Woken();
      continue;
    }
    const std::string response_id = session_.response_id();
    co_await clock_.Sleep(stage_.Draw(scenario_->latencies.llm_first_token));
    if (session_.response_id() != response_id) continue;
    const bool planned = co_await Answer(response_id);
    while (planned && !over_ && session_.response_id() == response_id) {
      Apply(session_.NextPiece(clock_.Now()));
      co_await clock_.Sleep(PieceTime());
    }
  }
}

// True when the response has its reply, and its speech.
Task<bool> OpenaiSocket::Answer(std::string response_id) {
  OpenaiReply reply = session_.PlanReply();
  if (session_.speaks()) {
    absl::StatusOr<std::shared_ptr<const Speech>> speech =
        co_await speech_.synthesizer().Speak(scenario_->agent_voice, reply.text);
    if (session_.response_id() != response_id) co_return false;
    if (!speech.ok()) {
      Apply(session_.FailResponse(OpenaiErrorFor(500, ""), clock_.Now()));
      co_return false;
    }
    reply.speech = *std::move(speech);
  }
  Apply(session_.OnReply(std::move(reply), clock_.Now()));
  co_return session_.response_id() == response_id;
}

}  // namespace latchkey::sandbox
