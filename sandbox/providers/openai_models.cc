#include "sandbox/providers/openai_models.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr int64_t kCreated = 1'780'000'000;

// What OpenAI itself has, as far as the sandbox knows.
constexpr std::string_view kKnown[] = {
    "gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-realtime-2", "gpt-realtime-1.5",
    "gpt-realtime",     "gpt-realtime-mini",     "gpt-transcribe", "gpt-live-transcribe",
    "gpt-5.5",          "gpt-5.5-mini"};

json::object Describe(const OpenaiModel& model) {
  json::object described{{"id", model.id},
                         {"object", "model"},
                         {"created", kCreated},
                         {"owned_by", "system"},
                         {"shutdown_date", nullptr}};
  if (!model.shutdown_date.empty()) described["shutdown_date"] = model.shutdown_date;
  return described;
}

}  // namespace

OpenaiAccess AccessToModel(const OpenaiQuirks& quirks, std::string_view model) {
  if (quirks.FindModel(model) != nullptr) return OpenaiAccess::kAllowed;
  const bool known = std::ranges::find(kKnown, model) != std::end(kKnown);
  return known ? OpenaiAccess::kDenied : OpenaiAccess::kUnknown;
}

bool SpeaksRealtime(std::string_view model) { return model.starts_with("gpt-realtime"); }

std::string OpenaiModelList(const OpenaiQuirks& quirks) {
  json::array models;
  for (const OpenaiModel& model : quirks.models) models.push_back(Describe(model));
  return json::serialize(json::object{{"object", "list"}, {"data", std::move(models)}});
}

std::string OpenaiModelBody(const OpenaiModel& model) { return json::serialize(Describe(model)); }

}  // namespace latchkey::sandbox
