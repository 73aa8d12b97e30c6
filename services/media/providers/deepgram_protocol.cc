#include "services/media/providers/deepgram_protocol.h"

#include <optional>

#include "services/media/domain/json_scan.h"

namespace latchkey::media {
namespace {

bool IsTrue(std::string_view json, std::string_view name) {
  return FindMember(json, name) == std::optional<std::string_view>("true");
}

std::string TranscriptOf(std::string_view json) {
  const std::optional<std::string_view> channel = FindMember(json, "channel");
  if (!channel.has_value()) return "";
  std::optional<std::string_view> alternatives = FindMember(*channel, "alternatives");
  if (!alternatives.has_value()) return "";
  const std::optional<std::string_view> best = NextElement(*alternatives);
  if (!best.has_value()) return "";
  const std::optional<std::string_view> raw = FindMember(*best, "transcript");
  if (!raw.has_value()) return "";
  std::string scratch;
  return std::string(AnyText(*raw, scratch).value_or(""));
}

}  // namespace

http::Url DeepgramUrl(const http::Url& base, const AgentSettings& agent) {
  const std::string model = agent.stt_model.empty() ? std::string(kDeepgramModel) : agent.stt_model;
  const http::Form query = {{"model", model},         {"language", agent.language},
                            {"encoding", "mulaw"},    {"sample_rate", "8000"},
                            {"channels", "1"},        {"interim_results", "true"},
                            {"endpointing", "300"},   {"utterance_end_ms", "1000"},
                            {"smart_format", "true"}, {"no_delay", "true"}};
  return base.AsWebsocket().At("/v1/listen", query);
}

DeepgramMessage ParseDeepgramMessage(std::string_view text) {
  using Kind = DeepgramMessage::Kind;
  const std::optional<std::string_view> raw = FindMember(text, "type");
  const std::string_view type = raw.has_value() ? PlainText(*raw).value_or("") : "";
  if (type == "UtteranceEnd") return {.kind = Kind::kUtteranceEnd};
  if (type == "Error") return {.kind = Kind::kError};
  if (type != "Results") return {};
  return {.kind = Kind::kTranscript,
          .text = TranscriptOf(text),
          .final = IsTrue(text, "is_final"),
          .ended = IsTrue(text, "speech_final") || IsTrue(text, "from_finalize")};
}

}  // namespace latchkey::media
