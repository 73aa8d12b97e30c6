// NumberMessage: numbers and agents between the domain and their messages.
#pragma once

#include "absl/status/statusor.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "services/orchestrator/domain/number_keys.h"
#include "services/orchestrator/domain/numbers.h"

namespace latchkey::orchestrator {

namespace pb = ::latchkey::orchestrator::v1;

// kInvalidArgument `malformed_request` or `malformed_id`: the message names the field.
absl::StatusOr<NewNumber> ParseNewNumber(const pb::CreateNumberRequest& request);

// What is not set gets its default. kInvalidArgument `malformed_request`: a tool's parameters.
absl::StatusOr<Agent> ParseAgent(const pb::Agent& message);

void FillNumber(const Number& number, pb::Number& message);
void FillVoice(const NumberVoice& voice, pb::Number& message);
void FillTarget(const KeyTarget& target, pb::AdmittedNumber& message);

}  // namespace latchkey::orchestrator
