#include "services/media/adapters/call_metrics.h"

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "lib/base/metrics.h"
#include "services/media/domain/failure_policy.h"

namespace latchkey::media {
namespace {

// People notice from half a second on, and give up at some seconds.
std::vector<double> StepSeconds() {
  return {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10};
}

metrics::Histogram& Step(const char* step) {
  return metrics::MakeHistogram("latchkey_media_turn_step_seconds",
                                "From the callee's end of speech to a step of the answer.",
                                StepSeconds(), {{"step", step}});
}

void ObserveStep(metrics::Histogram& histogram, absl::Duration took) {
  if (took >= absl::ZeroDuration()) histogram.Observe(absl::ToDoubleSeconds(took));
}

void ObserveOne(const LatencyEvent& event) {
  static metrics::Histogram& stt = Step("stt_final");
  static metrics::Histogram& llm = Step("llm_first_token");
  static metrics::Histogram& tts = Step("tts_first_byte");
  static metrics::Histogram& frame = Step("first_frame");
  ObserveStep(stt, event.stt_final);
  ObserveStep(llm, event.llm_first_token);
  ObserveStep(tts, event.tts_first_byte);
  ObserveStep(frame, event.first_frame);
}

void ObserveOne(const StateEvent& event) {
  if (event.state != "ended") return;
  metrics::MakeCounter("latchkey_media_calls_ended_total", "Calls that ended here.",
                       {{"disposition", event.disposition}})
      .Add();
}

void ObserveOne(const TroubleEvent& event) {
  metrics::MakeCounter("latchkey_media_troubles_total", "Failures of third parties in calls.",
                       {{"provider", std::string(NameOf(event.party))},
                        {"recovered", event.recovered ? "true" : "false"}})
      .Add();
}

void ObserveOne(const UtteranceEvent& event) {
  static metrics::Counter& interrupted = metrics::MakeCounter(
      "latchkey_media_interruptions_total", "Utterances of agents that callees broke off.");
  if (event.interrupted) interrupted.Add();
}

void ObserveOne(const RecordingEvent&) {}

void ObserveOne(const UsageEvent& event) {
  static metrics::Counter& input =
      metrics::MakeCounter("latchkey_media_model_tokens_total",
                           "Tokens that realtime models counted.", {{"side", "in"}});
  static metrics::Counter& output =
      metrics::MakeCounter("latchkey_media_model_tokens_total",
                           "Tokens that realtime models counted.", {{"side", "out"}});
  input.Add(static_cast<double>(event.tokens.input_text + event.tokens.input_audio));
  output.Add(static_cast<double>(event.tokens.output_text + event.tokens.output_audio));
}

}  // namespace

void Observe(const CallEvent& event) {
  std::visit([](const auto& one) { ObserveOne(one); }, event);
}

}  // namespace latchkey::media
