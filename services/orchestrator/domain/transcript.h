// Transcript: a rule that puts a call's events into the order in which people read them.
#pragma once

#include <optional>
#include <vector>

#include "services/orchestrator/domain/call_event.h"

namespace latchkey::orchestrator {

struct Transcript {
  std::vector<Utterance> utterances;        // By their start.
  std::vector<TurnLatency> latencies;       // By turn.
  std::vector<Trouble> troubles;            // As they happened.
  std::optional<RecordingReady> recording;  // The last one that was told.
};

// Takes the events in the order of their positions.
Transcript MakeTranscript(const std::vector<StoredEvent>& events);

}  // namespace latchkey::orchestrator
