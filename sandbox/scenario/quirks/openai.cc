#include "sandbox/scenario/quirks/openai.h"

#include <algorithm>
#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

constexpr int kSpeedMax = 100;

// "gpt-realtime-2.1", or {"id": "gpt-realtime", "shutdown_date": "2027-01-20"}.
OpenaiModel ReadModel(const boost::json::value& value, std::string place, absl::Status& error) {
  OpenaiModel model;
  if (value.is_string()) {
    model.id = value.get_string().c_str();
    return model;
  }
  Fields fields(value, std::move(place), error);
  fields.Text("id", model.id);
  fields.Text("shutdown_date", model.shutdown_date);
  fields.Finish();
  return model;
}

}  // namespace

const OpenaiModel* OpenaiQuirks::FindModel(std::string_view id) const {
  const auto found = std::ranges::find(models, id, &OpenaiModel::id);
  return found == models.end() ? nullptr : &*found;
}

OpenaiQuirks ReadOpenaiQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error) {
  using Refusal = OpenaiQuirks::Refusal;
  const std::initializer_list<std::pair<std::string_view, Refusal>> kRefusals = {
      {"close", Refusal::kClose}, {"failed_response", Refusal::kFailedResponse}};
  OpenaiQuirks quirks;
  Fields fields(value, std::move(place), error);
  if (fields.Find("models") != nullptr) quirks.models.clear();
  fields.ForEach("models", [&](const boost::json::value& item, std::string where) {
    quirks.models.push_back(ReadModel(item, std::move(where), error));
  });
  fields.Choice("model_denied", quirks.model_denied, kRefusals);
  fields.Choice("no_credit", quirks.no_credit, kRefusals);
  fields.Milliseconds("session_limit_ms", quirks.session_limit);
  fields.Milliseconds("transcription_late_ms", quirks.transcription_late);
  fields.Bool("transcription_fails", quirks.transcription_fails);
  fields.Bool("obfuscation", quirks.obfuscation);
  fields.Number("speed", quirks.speed);
  if (quirks.speed < 1 || quirks.speed > kSpeedMax) {
    fields.Fail("speed", "should be from 1 to 100");
  }
  fields.Number("tokens_per_minute", quirks.tokens_per_minute);
  fields.Bool("enforce_limits", quirks.enforce_limits);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
