#include "sandbox/providers/deepgram_socket.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "sandbox/providers/deepgram_refusal.h"

namespace latchkey::sandbox {
namespace {

namespace asio = boost::asio;

constexpr absl::Duration kLookEvery = absl::Milliseconds(250);
constexpr size_t kWaitingMax = 256;
constexpr uint16_t kNormal = 1000, kInternal = 1011;

}  // namespace

DeepgramSocket::DeepgramSocket(World world, FaultPlayer faults, const ListenOptions& options,
                               std::unique_ptr<http::Websocket> socket)
    : world_(std::move(world)),
      faults_(std::move(faults)),
      options_(options),
      socket_(std::move(socket)),
      hearing_(*world_.recognizer, Hearing::Options{.pause = options.pause}),
      more_(world_.executor),
      begun_(world_.clock.Now()),
      last_message_(begun_) {}

Task<void> DeepgramSocket::Run() {
  using asio::experimental::awaitable_operators::operator&&;
  co_await (Listen() && Answer());
}

Task<void> DeepgramSocket::Listen() {
  while (!over_) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    last_message_ = world_.clock.Now();
    if (message->text) {
      OnControl(message->data);
    } else if (message->data.empty()) {
      OnFlush(/*finalize=*/false, /*close=*/true);
    } else {
      OnAudio(message->data);  // Also a KeepAlive that came as bytes.
    }
  }
  over_ = true;
  more_.cancel();
}

void DeepgramSocket::OnAudio(std::string_view audio) {
  last_audio_ = world_.clock.Now();
  const std::span<const uint8_t> samples(reinterpret_cast<const uint8_t*>(audio.data()),
                                         audio.size());
  for (Hearing::Event& event : hearing_.Push(samples)) QueueEvent(std::move(event), false);
  QueueInterim();
  const bool gap = hearing_.position() - last_word_end_ >= options_.utterance_end;
  if (word_end_due_ && gap) {
    word_end_due_ = false;
    Work work;
    work.kind = Work::kUtteranceEnd;
    work.end = last_word_end_;
    Queue(std::move(work));
  }
}

void DeepgramSocket::OnControl(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  const boost::json::object* const object = error ? nullptr : value.if_object();
  const boost::json::value* const type = object == nullptr ? nullptr : object->if_contains("type");
  if (type == nullptr) return;
  // KeepAlive has done its work by coming.
  OnFlush(*type == "Finalize", *type == "CloseStream");
}

void DeepgramSocket::OnFlush(bool finalize, bool close) {
  if (!finalize && !close) return;
  std::optional<Hearing::Event> event = hearing_.Flush();
  const absl::Duration least = world_.stage.scenario()->quirks.deepgram.finalize_min;
  if (event.has_value()) {
    QueueEvent(*std::move(event), finalize);
  } else if (finalize && hearing_.position() >= least) {
    Work work;
    work.kind = Work::kEmptyFinalize;
    Queue(std::move(work));
  }
  if (close) Queue(Work());
}

void DeepgramSocket::QueueEvent(Hearing::Event event, bool from_finalize) {
  using SpeechStarted = DeepgramQuirks::SpeechStarted;
  const DeepgramQuirks& quirks = world_.stage.scenario()->quirks.deepgram;
  const bool ended = event.kind == Hearing::Event::kUtteranceEnded;
  speaking_ = !ended;
  word_end_due_ = false;
  utterance_start_ = event.start;
  next_interim_ = event.start + quirks.interim_every;
  const int times = quirks.speech_started == SpeechStarted::kTwice ? 2 : 1;
  const int copies = ended ? 1 : times;
  const bool told =
      ended || (options_.vad_events && quirks.speech_started != SpeechStarted::kNever);
  for (int i = 0; told && i < copies; ++i) {
    Work work;
    work.kind = ended ? Work::kUtterance : Work::kSpeechStarted;
    work.start = event.start;
    work.end = event.end;
    work.from_finalize = from_finalize;
    work.recognition = std::move(event.recognition);
    Queue(std::move(work));
  }
}

void DeepgramSocket::QueueInterim() {
  const absl::Duration every = world_.stage.scenario()->quirks.deepgram.interim_every;
  const bool wanted = options_.interim_results && every > absl::ZeroDuration() && speaking_;
  if (!wanted || interim_waits_ || hearing_.position() < next_interim_) return;
  next_interim_ = hearing_.position() + every;
  interim_waits_ = true;
  Work work;
  work.kind = Work::kInterim;
  work.start = utterance_start_;
  work.end = hearing_.position();
  Queue(std::move(work));
}

void DeepgramSocket::Queue(Work work) {
  work.noticed = world_.clock.Now();
  if (waiting_.size() == kWaitingMax) {
    over_ = true;
  } else {
    waiting_.push_back(std::move(work));
  }
  more_.cancel();
}

std::string_view DeepgramSocket::Overdue() const {
  const std::shared_ptr<const Scenario> scenario = world_.stage.scenario();
  const DeepgramQuirks& quirks = scenario->quirks.deepgram;
  const absl::Time now = world_.clock.Now();
  const bool never_heard = last_audio_ == absl::InfinitePast();
  const bool silent = now - last_message_ >= quirks.silence_max;
  if (silent || (never_heard && now - begun_ >= quirks.first_audio_max)) {
    return "NET-0001: no audio or text message was received";
  }
  const absl::Time since = never_heard ? begun_ : last_audio_;
  const bool limited = quirks.no_audio_max > absl::ZeroDuration();
  return limited && now - since >= quirks.no_audio_max ? "NET-0002: no audio was received" : "";
}

Task<void> DeepgramSocket::Answer() {
  absl::Status status;
  while (status.ok() && !over_) {
    if (!waiting_.empty()) {
      Work work = std::move(waiting_.front());
      waiting_.pop_front();
      status = co_await Do(std::move(work));
      continue;
    }
    const std::string_view overdue = Overdue();
    if (!overdue.empty()) {
      co_await socket_->Close(kInternal, overdue);
      break;
    }
    more_.expires_after(absl::ToChronoMilliseconds(kLookEvery));
    boost::system::error_code woken;
    co_await more_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  over_ = true;
  socket_->Abort();
}

Task<absl::Status> DeepgramSocket::Do(Work work) {
  std::string message;
  switch (work.kind) {
    case Work::kSpeechStarted:
      message = SpeechStartedMessage(work.start);
      break;
    case Work::kUtteranceEnd:
      message = UtteranceEndMessage(work.end);
      break;
    case Work::kEmptyFinalize: {
      Transcript nothing;
      nothing.start = nothing.end = hearing_.position();
      nothing.from_finalize = true;
      message = ResultsMessage(nothing);
      break;
    }
    case Work::kInterim:
      co_return co_await Guess(std::move(work));
    case Work::kUtterance:
      co_return co_await Transcribe(std::move(work));
    case Work::kClose:
      co_return co_await Finish();
  }
  co_return co_await socket_->WriteText(message);
}

Task<absl::Status> DeepgramSocket::Finish() {
  const std::string metadata = MetadataMessage(hearing_.position());
  absl::Status told = co_await socket_->WriteText(metadata);
  if (told.ok()) co_await socket_->Close(kNormal, "");
  over_ = true;
  co_return told;
}

// A guess that comes when the utterance is over already, is not told any more.
Task<absl::Status> DeepgramSocket::Guess(Work work) {
  interim_waits_ = false;
  absl::StatusOr<Recognized> said = co_await hearing_.SoFar();
  const bool late = !speaking_ || utterance_start_ != work.start;
  if (!said.ok() || late || said->text.empty()) co_return absl::OkStatus();
  Transcript transcript;
  transcript.start = work.start;
  transcript.end = work.end;
  transcript.said = *std::move(said);
  transcript.final = false;
  const std::string results = ResultsMessage(transcript);
  co_return co_await Tell(results, /*last=*/false);
}

Task<absl::Status> DeepgramSocket::Transcribe(Work work) {
  const std::shared_ptr<const Scenario> scenario = world_.stage.scenario();
  const DeepgramQuirks& quirks = scenario->quirks.deepgram;
  const absl::Duration takes =
      world_.stage.Draw(scenario->latencies.stt_final) + quirks.final_delay;
  absl::StatusOr<Recognized> said = co_await work.recognition->Finish();
  if (!said.ok()) co_return said.status();
  // The scenario says how long the provider takes; the engine's own time is part of it.
  co_await world_.clock.SleepUntil(work.noticed + takes);
  const bool words = !said->text.empty();
  Transcript transcript;
  transcript.start = work.start;
  transcript.end = work.end;
  transcript.said = *std::move(said);
  transcript.ended = quirks.speech_final || work.from_finalize;
  transcript.from_finalize = work.from_finalize;
  absl::Status told = co_await SendFinals(transcript);
  if (!told.ok()) co_return told;
  if (words && options_.utterance_end > absl::ZeroDuration()) {
    last_word_end_ = work.end;
    word_end_due_ = !speaking_;  // Who speaks again has not come to an end.
  }
  answered_ = false;
  co_return absl::OkStatus();
}

Task<absl::Status> DeepgramSocket::SendFinals(const Transcript& transcript) {
  const int words = world_.stage.scenario()->quirks.deepgram.final_words;
  const std::vector<Transcript> pieces = SplitTranscript(transcript, words);
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string results = ResultsMessage(pieces[i]);
    absl::Status told = co_await Tell(results, /*last=*/i + 1 == pieces.size());
    if (!told.ok()) co_return told;
  }
  co_return absl::OkStatus();
}

// One piece of an utterance's answer. Its middle comes right behind the first piece.
Task<absl::Status> DeepgramSocket::Tell(const std::string& message, bool last) {
  const bool first = !std::exchange(answered_, true);
  std::vector<Fault::Moment> moments;
  if (first) moments.push_back(Fault::Moment::kFirstByte);
  if (last) moments.push_back(Fault::Moment::kEnd);
  absl::Status met = co_await Meet(moments, message);
  if (!met.ok()) co_return met;
  absl::Status told = co_await socket_->WriteText(message);
  if (!told.ok() || !first) co_return told;
  const std::string next = UtteranceEndMessage(hearing_.position());
  const std::vector<Fault::Moment> middle = {Fault::Moment::kMidStream};
  co_return co_await Meet(middle, next);
}

Task<absl::Status> DeepgramSocket::Meet(const std::vector<Fault::Moment>& moments,
                                        const std::string& message) {
  const FaultPlayer::Complaint complain = DeepgramErrorMessage;
  const Played played = co_await faults_.OnSocket(moments, *socket_, message, complain);
  if (played == Played::kNothing) co_return absl::OkStatus();
  // After its Error message; who was cut hears nothing of it.
  co_await socket_->Close(kInternal, "NET-0000: the server produced nothing in time");
  co_return absl::CancelledError("a fault has ended it");
}

}  // namespace latchkey::sandbox
