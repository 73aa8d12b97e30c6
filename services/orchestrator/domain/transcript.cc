#include "services/orchestrator/domain/transcript.h"

#include <algorithm>

namespace latchkey::orchestrator {

Transcript MakeTranscript(const std::vector<StoredEvent>& events) {
  Transcript transcript;
  for (const StoredEvent& stored : events) {
    const auto& what = stored.event.what;
    if (const auto* utterance = std::get_if<Utterance>(&what)) {
      transcript.utterances.push_back(*utterance);
    } else if (const auto* latency = std::get_if<TurnLatency>(&what)) {
      transcript.latencies.push_back(*latency);
    } else if (const auto* trouble = std::get_if<Trouble>(&what)) {
      transcript.troubles.push_back(*trouble);
    } else if (const auto* recording = std::get_if<RecordingReady>(&what)) {
      transcript.recording = *recording;
    }
  }
  // What is said at once is reported when it ends; people read by when it began.
  std::stable_sort(
      transcript.utterances.begin(), transcript.utterances.end(),
      [](const Utterance& a, const Utterance& b) { return a.start_offset < b.start_offset; });
  std::stable_sort(transcript.latencies.begin(), transcript.latencies.end(),
                   [](const TurnLatency& a, const TurnLatency& b) { return a.turn < b.turn; });
  return transcript;
}

}  // namespace latchkey::orchestrator
