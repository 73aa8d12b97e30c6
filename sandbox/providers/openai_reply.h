// What a Realtime session's model says next, by the scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "sandbox/providers/openai_conversation.h"
#include "sandbox/providers/openai_response.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {

// The scenario's reply to what the user said last. But:
//   - `instructions` of the response that begin with "Say" are followed to the letter:
//     `Say exactly: "Good morning."` says Good morning.
//   - a tool's output is answered with the reply for that tool, or else with "All right.";
//   - when the user has not said anything yet, it greets.
// `overrides` is the `response` of response.create, or nullptr. The reply has no speech yet.
OpenaiReply PlanOpenaiReply(const Scenario& scenario, const OpenaiConversation& conversation,
                            const boost::json::object& session,
                            const boost::json::value* overrides);

}  // namespace latchkey::sandbox
