#include "sandbox/providers/deepgram_query.h"

#include <optional>
#include <string_view>

#include "absl/strings/numbers.h"

namespace latchkey::sandbox {
namespace {

constexpr size_t kKeytermsMax = 100;
constexpr int64_t kUtteranceEndMinMs = 1000, kUtteranceEndMaxMs = 5000;

std::optional<int64_t> NumberOf(const http::Form& query, std::string_view name) {
  const std::string_view text = query.Get(name);
  int64_t number = 0;
  if (!absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number)) return std::nullopt;
  return number;
}

bool IsBoolean(std::string_view text) { return text == "true" || text == "false"; }

bool ServesModel(std::string_view model) {
  return model.empty() || model.starts_with("nova-3") || model.starts_with("nova-2");
}

std::string WrongWithUtteranceEnd(const http::Form& query) {
  if (!query.Has("utterance_end_ms")) return "";
  const std::optional<int64_t> gap = NumberOf(query, "utterance_end_ms");
  if (!gap.has_value() || *gap < kUtteranceEndMinMs || *gap > kUtteranceEndMaxMs) {
    return "utterance_end_ms is from 1000 to 5000";
  }
  if (query.Get("interim_results") != "true") {
    return "utterance_end_ms needs interim_results=true";
  }
  return "";
}

std::string WrongWithTerms(const http::Form& query) {
  const bool nova_3 = query.Get("model").starts_with("nova-3");
  if (query.Has("keywords") && nova_3) return "keywords are not for nova-3; use keyterm";
  if (query.Has("keyterm") && !nova_3) return "keyterm is for nova-3 only";
  if (query.GetAll("keyterm").size() > kKeytermsMax) return "too many keyterms: at most 100";
  return "";
}

}  // namespace

std::string ListenModel(const http::Form& query) { return std::string(query.Get("model")); }

std::string WrongWithListen(const http::Form& query) {
  if (!ServesModel(query.Get("model"))) {
    return "No such model/language/tier combination found.";
  }
  if (query.Get("encoding") != "mulaw" || query.Get("sample_rate") != "8000") {
    return "the sandbox hears encoding=mulaw and sample_rate=8000 only";
  }
  for (const char* name : {"interim_results", "vad_events", "smart_format", "punctuate"}) {
    if (query.Has(name) && !IsBoolean(query.Get(name))) {
      return std::string(name) + " is true or false";
    }
  }
  const bool pause = !query.Has("endpointing") || IsBoolean(query.Get("endpointing")) ||
                     NumberOf(query, "endpointing").has_value();
  if (!pause) return "endpointing is a number of milliseconds or false";
  const std::string wrong = WrongWithUtteranceEnd(query);
  return wrong.empty() ? WrongWithTerms(query) : wrong;
}

ListenOptions ReadListen(const http::Form& query) {
  ListenOptions options;
  const std::optional<int64_t> pause = NumberOf(query, "endpointing");
  if (pause.has_value()) options.pause = absl::Milliseconds(*pause);
  if (query.Get("endpointing") == "false") options.pause = absl::InfiniteDuration();
  options.utterance_end = absl::Milliseconds(NumberOf(query, "utterance_end_ms").value_or(0));
  options.vad_events = query.Get("vad_events") == "true";
  options.interim_results = query.Get("interim_results") == "true";
  return options;
}

}  // namespace latchkey::sandbox
