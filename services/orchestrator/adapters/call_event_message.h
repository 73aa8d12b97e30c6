// CallEventMessage: call events between the domain and their message, for RPCs and for rows.
#pragma once

#include "absl/status/statusor.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "services/orchestrator/domain/call_event.h"
#include "services/orchestrator/domain/transcript.h"

namespace latchkey::orchestrator {

namespace pb = ::latchkey::orchestrator::v1;

// kInvalidArgument `malformed_request` or `malformed_id`: the message says what is incomplete.
absl::StatusOr<CallEvent> ParseCallEvent(const pb::CallEvent& message);

void FillCallEvent(const CallEvent& event, pb::CallEvent& message);
void FillTranscript(const Transcript& transcript, pb::GetTranscriptResponse& message);

// "utterance", "latency", "state", "trouble" or "recording".
std::string_view KindText(const CallEvent& event);

}  // namespace latchkey::orchestrator
