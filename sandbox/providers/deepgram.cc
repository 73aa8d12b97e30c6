#include "sandbox/providers/deepgram.h"

#include "absl/strings/numbers.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "sandbox/providers/deepgram_messages.h"
#include "sandbox/providers/deepgram_socket.h"

namespace latchkey::sandbox {
namespace {

constexpr absl::Duration kHang = absl::Minutes(10);
constexpr int kSamplesPerSecond = 8000;

std::string_view KeyOf(const http::ServerRequest& request) {
  constexpr std::string_view kToken = "Token ";
  const std::string_view header = request.headers.Get("authorization");
  return header.starts_with(kToken) ? header.substr(kToken.size()) : std::string_view();
}

std::string_view CodeFor(int status) {
  switch (status) {
    case 401:
      return "INVALID_AUTH";
    case 402:
      return "ASR_PAYMENT_REQUIRED";
    case 403:
      return "INSUFFICIENT_PERMISSIONS";
    case 429:
      return "TOO_MANY_REQUESTS";
    default:
      return "INTERNAL_SERVER_ERROR";
  }
}

std::string_view MessageFor(int status) {
  switch (status) {
    case 401:
      return "Invalid credentials.";
    case 402:
      return "Project does not have enough credits for an ASR request.";
    case 403:
      return "Project does not have access to the requested model.";
    case 429:
      return "Too many requests. Please try again later.";
    default:
      return "An internal server error occurred.";
  }
}

void NoteIfGone(const absl::Status& sent) {
  if (!sent.ok()) log::Debug("deepgram: client gone", {{"error", sent}});
}

absl::Duration MillisecondsOf(const http::Form& query, std::string_view name,
                              absl::Duration standard) {
  const std::string_view text = query.Get(name);
  int64_t number = 0;
  if (text == "false") return absl::InfiniteDuration();
  if (!absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number)) return standard;
  return absl::Milliseconds(number);
}

// What is wrong with a streaming request, as the API says it in `dg-error`.
std::string WrongWithQuery(const http::Form& query) {
  if (query.Get("encoding") != "mulaw" || query.Get("sample_rate") != "8000") {
    return "the sandbox hears encoding=mulaw and sample_rate=8000 only";
  }
  const bool ends = query.Has("utterance_end_ms");
  if (ends && query.Get("interim_results") != "true") {
    return "utterance_end_ms needs interim_results=true";
  }
  return "";
}

}  // namespace

Task<void> DeepgramProvider::Handle(const http::ServerRequest& request,
                                    http::Responder& responder) {
  const bool done = co_await Intervene(request, responder);
  if (done) co_return;
  if (request.upgrade) {
    co_await ServeSocket(request, responder);
  } else if (request.method == "POST") {
    co_await ServeFile(request, responder);
  } else {
    co_await Refuse(405, "Bad Request", "Method not allowed", responder);
  }
}

Task<bool> DeepgramProvider::Intervene(const http::ServerRequest& request,
                                       http::Responder& responder) {
  const std::optional<Fault> fault = stage_.NextFault(Provider::kDeepgram, Fault::Moment::kConnect);
  if (fault.has_value() && fault->kind == Fault::Kind::kDrop) {
    responder.Abort();
    co_return true;
  }
  if (fault.has_value() && fault->kind == Fault::Kind::kHang) {
    co_await clock_.Sleep(kHang);
    responder.Abort();
    co_return true;
  }
  const KnownKey key = stage_.Judge(Provider::kDeepgram, KeyOf(request));
  const int status = fault.has_value() ? fault->status : key.status;
  if (status == 200) co_return false;
  const std::string code =
      fault.has_value() || key.code.empty() ? std::string(CodeFor(status)) : key.code;
  co_await Refuse(status, code, std::string(MessageFor(status)), responder);
  co_return true;
}

Task<void> DeepgramProvider::Refuse(int status, std::string code, std::string message,
                                    http::Responder& responder) {
  http::Response response;
  response.status = status;
  response.headers = {
      {"content-type", "application/json"}, {"dg-request-id", "sandbox"}, {"dg-error", message}};
  response.body = DeepgramError(code, message);
  const absl::Status sent = co_await responder.Send(response);
  NoteIfGone(sent);
}

Task<void> DeepgramProvider::ServeFile(const http::ServerRequest& request,
                                       http::Responder& responder) {
  absl::StatusOr<std::vector<uint8_t>> audio = ParseWav(request.body);
  if (!audio.ok()) {
    co_await Refuse(400, "Bad Request", Message(audio.status()), responder);
    co_return;
  }
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.probe));
  const std::shared_ptr<Recognizer> recognizer = speech_.recognizer();
  Hearing hearing(*recognizer, Hearing::Options());
  std::vector<Hearing::Event> events = hearing.Push(*audio);
  std::optional<Hearing::Event> last = hearing.Flush();
  if (last.has_value()) events.push_back(*std::move(last));
  Recognized all;
  for (Hearing::Event& event : events) {
    if (event.kind != Hearing::Event::kUtteranceEnded) continue;
    absl::StatusOr<Recognized> said = co_await event.recognition->Finish();
    if (!said.ok() || said->text.empty()) continue;
    all.text += (all.text.empty() ? "" : " ") + said->text;
    all.confidence = said->confidence;
  }
  http::Response response;
  response.status = 200;
  response.headers = {{"content-type", "application/json"}, {"dg-request-id", "sandbox"}};
  response.body =
      FileResults(absl::Seconds(static_cast<double>(audio->size()) / kSamplesPerSecond), all);
  const absl::Status sent = co_await responder.Send(response);
  NoteIfGone(sent);
}

Task<void> DeepgramProvider::ServeSocket(const http::ServerRequest& request,
                                         http::Responder& responder) {
  const http::Form& query = request.parsed.query;
  const std::string wrong = WrongWithQuery(query);
  if (!wrong.empty()) {
    co_await Refuse(400, "Bad Request", wrong, responder);
    co_return;
  }
  ListenOptions options;
  options.pause = MillisecondsOf(query, "endpointing", options.pause);
  options.utterance_end = MillisecondsOf(query, "utterance_end_ms", options.utterance_end);
  options.vad_events = query.Get("vad_events") == "true";
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  DeepgramSocket session(executor_, clock_, stage_, speech_.recognizer(), options,
                         *std::move(socket));
  co_await session.Run();
}

}  // namespace latchkey::sandbox
