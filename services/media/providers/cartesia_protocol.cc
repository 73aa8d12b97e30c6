#include "services/media/providers/cartesia_protocol.h"

#include "services/media/domain/json_scan.h"

namespace latchkey::media {
namespace {

using Kind = CartesiaMessage::Kind;

std::string_view RawOf(std::string_view json, std::string_view name) {
  return FindMember(json, name).value_or("");
}

int ContextOf(std::string_view text) {
  const std::string_view id = PlainText(RawOf(text, "context_id")).value_or("");
  const size_t dash = id.rfind('-');
  if (dash == std::string_view::npos) return 0;
  return static_cast<int>(WholeNumber(id.substr(dash + 1)).value_or(0));
}

CartesiaMessage ParseTimestamps(std::string_view text, int context) {
  const std::string_view times = RawOf(text, "word_timestamps");
  return {.kind = Kind::kTimestamps,
          .context = context,
          .words = RawOf(times, "words"),
          .starts = RawOf(times, "start"),
          .ends = RawOf(times, "end")};
}

CartesiaMessage ParseError(std::string_view text, int context) {
  int status = static_cast<int>(WholeNumber(RawOf(text, "status_code")).value_or(0));
  // The codes that say more than the status, which is not documented for them.
  const std::string_view code = PlainText(RawOf(text, "error_code")).value_or("");
  if (code == "quota_exceeded") status = 402;
  if (code == "concurrency_limited") status = 429;
  return {.kind = Kind::kError, .context = context, .status = status == 0 ? 400 : status};
}

void AppendContext(std::string_view call_id, int context, std::string& out) {
  out.append(R"("context_id":")").append(call_id).append("-");
  out.append(std::to_string(context)).append("\"");
}

}  // namespace

http::Url CartesiaUrl(const http::Url& base) { return base.AsWebsocket().At("/tts/websocket"); }

CartesiaComposer::CartesiaComposer(std::string_view call_id, const AgentSettings& agent)
    : call_id_(call_id) {
  settings_ = R"("model_id":)";
  AppendJsonText(agent.tts_model.empty() ? kCartesiaModel : agent.tts_model, settings_);
  settings_ += R"(,"voice":)";
  AppendJsonText(agent.voice_id, settings_);
  settings_ += R"(,"language":)";
  // The language alone: a country belongs into `locale`, and never both.
  AppendJsonText(agent.language.substr(0, agent.language.find('-')), settings_);
  settings_ += R"(,"output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000})"
               R"(,"max_buffer_delay_ms":0,"add_timestamps":true)";
}

void CartesiaComposer::Speak(int context, std::string_view piece, bool last,
                             std::string& out) const {
  out.assign("{");
  AppendContext(call_id_, context, out);
  out.append(",").append(settings_).append(R"(,"transcript":)");
  AppendJsonText(piece, out);
  out.append(last ? R"(,"continue":false})" : R"(,"continue":true})");
}

void CartesiaComposer::Cancel(int context, std::string& out) const {
  out.assign("{");
  AppendContext(call_id_, context, out);
  out.append(R"(,"cancel":true})");
}

CartesiaMessage ParseCartesiaMessage(std::string_view text) {
  const std::string_view type = PlainText(RawOf(text, "type")).value_or("");
  const int context = ContextOf(text);
  if (type == "chunk") {
    const std::string_view data = PlainText(RawOf(text, "data")).value_or("");
    return {.kind = Kind::kChunk, .context = context, .data = data};
  }
  if (type == "timestamps") return ParseTimestamps(text, context);
  if (type == "done") return {.kind = Kind::kDone, .context = context};
  if (type == "error") return ParseError(text, context);
  return {};
}

}  // namespace latchkey::media
