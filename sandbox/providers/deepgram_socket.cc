#include "sandbox/providers/deepgram_socket.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace asio = boost::asio;

constexpr absl::Duration kNoMessageMax = absl::Seconds(10);
constexpr absl::Duration kLookEvery = absl::Milliseconds(250);
constexpr size_t kWaitingMax = 256;
constexpr uint16_t kNormal = 1000, kInternal = 1011;

}  // namespace

DeepgramSocket::DeepgramSocket(Executor executor, Clock& clock, Stage& stage,
                               std::shared_ptr<Recognizer> recognizer, const ListenOptions& options,
                               std::unique_ptr<http::Websocket> socket)
    : clock_(clock),
      stage_(stage),
      recognizer_(std::move(recognizer)),
      options_(options),
      socket_(std::move(socket)),
      hearing_(*recognizer_, Hearing::Options{.pause = options.pause}),
      more_(executor),
      last_message_(clock.Now()) {}

Task<void> DeepgramSocket::Run() {
  using asio::experimental::awaitable_operators::operator&&;
  co_await (Listen() && Answer());
}

Task<void> DeepgramSocket::Listen() {
  while (!over_) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) break;
    last_message_ = clock_.Now();
    if (message->text) {
      OnControl(message->data);
    } else if (message->data.empty()) {
      OnControl(R"({"type":"CloseStream"})");
    } else {
      OnAudio(message->data);
    }
  }
  over_ = true;
  more_.cancel();
}

void DeepgramSocket::OnAudio(std::string_view audio) {
  const std::span<const uint8_t> samples(reinterpret_cast<const uint8_t*>(audio.data()),
                                         audio.size());
  for (Hearing::Event& event : hearing_.Push(samples)) QueueEvent(std::move(event), false);
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
  const bool finalize = type != nullptr && *type == "Finalize";
  const bool close = type != nullptr && *type == "CloseStream";
  if (!finalize && !close) return;  // KeepAlive has done its work by coming.
  std::optional<Hearing::Event> event = hearing_.Flush();
  if (event.has_value()) {
    QueueEvent(*std::move(event), finalize);
  } else if (finalize) {
    Work work;
    work.kind = Work::kEmptyFinalize;
    Queue(std::move(work));
  }
  if (close) Queue(Work());
}

void DeepgramSocket::QueueEvent(Hearing::Event event, bool from_finalize) {
  const bool ended = event.kind == Hearing::Event::kUtteranceEnded;
  speaking_ = !ended;
  word_end_due_ = false;
  if (!ended && !options_.vad_events) return;
  Work work;
  work.kind = ended ? Work::kUtterance : Work::kSpeechStarted;
  work.start = event.start;
  work.end = event.end;
  work.from_finalize = from_finalize;
  work.recognition = std::move(event.recognition);
  Queue(std::move(work));
}

void DeepgramSocket::Queue(Work work) {
  work.noticed = clock_.Now();
  if (waiting_.size() == kWaitingMax) {
    over_ = true;
  } else {
    waiting_.push_back(std::move(work));
  }
  more_.cancel();
}

bool DeepgramSocket::Idle() const { return clock_.Now() - last_message_ >= kNoMessageMax; }

Task<void> DeepgramSocket::Answer() {
  absl::Status status;
  while (status.ok() && !over_) {
    if (!waiting_.empty()) {
      Work work = std::move(waiting_.front());
      waiting_.pop_front();
      status = co_await Do(std::move(work));
      continue;
    }
    if (Idle()) {
      co_await socket_->Close(kInternal, "NET-0001: no audio or text message was received");
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
  switch (work.kind) {
    case Work::kSpeechStarted: {
      const std::string started = SpeechStartedMessage(work.start);
      co_return co_await socket_->WriteText(started);
    }
    case Work::kUtteranceEnd: {
      const std::string ended = UtteranceEndMessage(work.end);
      co_return co_await socket_->WriteText(ended);
    }
    case Work::kUtterance:
      co_return co_await Transcribe(std::move(work));
    case Work::kEmptyFinalize: {
      Transcript nothing;
      nothing.start = nothing.end = hearing_.position();
      nothing.from_finalize = true;
      const std::string results = ResultsMessage(nothing);
      co_return co_await socket_->WriteText(results);
    }
    case Work::kClose:
      break;
  }
  const std::string metadata = MetadataMessage(hearing_.position());
  absl::Status told = co_await socket_->WriteText(metadata);
  if (told.ok()) co_await socket_->Close(kNormal, "");
  over_ = true;
  co_return told;
}

Task<absl::Status> DeepgramSocket::Transcribe(Work work) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  const absl::Duration takes = stage_.Draw(scenario->latencies.stt_final);
  absl::StatusOr<Recognized> said = co_await work.recognition->Finish();
  if (!said.ok()) co_return said.status();
  // The scenario says how long the provider takes; the engine's own time is part of it.
  co_await clock_.SleepUntil(work.noticed + takes);
  const bool words = !said->text.empty();
  Transcript transcript;
  transcript.start = work.start;
  transcript.end = work.end;
  transcript.said = *std::move(said);
  transcript.from_finalize = work.from_finalize;
  const std::string results = ResultsMessage(transcript);
  absl::Status told = co_await socket_->WriteText(results);
  if (!told.ok()) co_return told;
  if (words && options_.utterance_end > absl::ZeroDuration()) {
    last_word_end_ = work.end;
    word_end_due_ = !speaking_;  // Who speaks again has not come to an end.
  }
  const bool goes_on = co_await MidStream();
  co_return goes_on ? absl::OkStatus() : absl::CancelledError("a fault has ended it");
}

Task<bool> DeepgramSocket::MidStream() {
  const std::optional<Fault> fault =
      stage_.NextFault(Provider::kDeepgram, Fault::Moment::kMidStream);
  if (!fault.has_value()) co_return true;
  if (fault->kind == Fault::Kind::kHang) co_await Hang();
  if (fault->kind == Fault::Kind::kStatus) {
    co_await socket_->Close(kInternal, "NET-0000: the server produced nothing in time");
  }
  socket_->Abort();
  co_return false;
}

// Says nothing more, until the client has gone.
Task<void> DeepgramSocket::Hang() {
  while (!over_) {
    more_.expires_after(absl::ToChronoMilliseconds(kLookEvery));
    boost::system::error_code woken;
    co_await more_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

}  // namespace latchkey::sandbox
