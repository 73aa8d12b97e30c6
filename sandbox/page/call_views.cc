#include "sandbox/page/call_views.h"

#include "sandbox/callee/wav.h"

namespace latchkey::sandbox {
namespace {

// Often enough to be heard at once, seldom enough to cost nothing.
constexpr absl::Duration kPiece = absl::Milliseconds(100);

http::Response Whole(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", std::string(type)}, {"cache-control", "no-store"}};
  response.body = std::move(body);
  return response;
}

// "CA12.wav" and "CA12/heard" are calls and views: {"CA12", "wav"}.
std::pair<std::string, std::string> CallAndView(const std::vector<std::string>& path) {
  const std::string& name = path[2];
  const size_t dot = name.find('.');
  if (path.size() == 4 && dot == std::string::npos) return {name, path[3]};
  if (path.size() != 3 || dot == std::string::npos) return {name, ""};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

}  // namespace

Task<void> CallViews::Handle(const http::ServerRequest& request, http::Responder& responder) {
  const auto [sid, view] = CallAndView(request.parsed.segments);
  const std::shared_ptr<PhoneCall> call = calls_.Find(sid);
  http::Response response =
      Whole(404, "text/plain", "There is no such call, or nobody answered it.\n");
  if (call != nullptr && call->phone != nullptr) {
    if (view == "wav" && request.parsed.query.Has("live")) {
      co_await Listen(call, responder);
      co_return;
    }
    response = Show(*call, view);
  }
  absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();  // Who is gone needs no answer.
}

http::Response CallViews::Show(const PhoneCall& call, std::string_view view) {
  const CalleePhone& phone = *call.phone;
  if (view == "heard") return Whole(200, "application/json", phone.heard().ToJson());
  const bool kept = phone.recording().frames() > 0;
  if (!kept && (view == "wav" || view == "ulaw")) {
    return Whole(410, "text/plain", "This call's recording is not kept, or was not made.\n");
  }
  if (view == "wav") return Whole(200, "audio/wav", phone.recording().Wav());
  if (view == "ulaw") return Whole(200, "audio/basic", phone.recording().AgentMulaw());
  return Whole(404, "text/plain", "A call can be seen as .wav, .ulaw and /heard.\n");
}

Task<void> CallViews::Listen(std::shared_ptr<PhoneCall> call, http::Responder& responder) {
  const http::Headers headers = {{"content-type", "audio/wav"}, {"cache-control", "no-store"}};
  absl::Status sent = co_await responder.Start(200, headers);
  const std::string head = StereoMulawWavHead(kWavEndless);
  if (sent.ok()) sent = co_await responder.Write(head);
  size_t told = call->phone->recording().frames();
  while (sent.ok() && !Ended(call->status)) {
    co_await clock_.Sleep(kPiece);
    const std::string piece = call->phone->recording().StereoFrom(told);
    told = call->phone->recording().frames();
    if (!piece.empty()) sent = co_await responder.Write(piece);
    // What is kept is full: there will be no more.
    if (call->phone->position() > EarRecording::kMax + kPiece) break;
  }
  if (sent.ok()) sent = co_await responder.Finish();
  sent.IgnoreError();  // Who is gone needs no answer.
}

}  // namespace latchkey::sandbox
