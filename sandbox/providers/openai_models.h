// OpenAI's models: the list, one of them, and which of them a project may use.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/scenario/quirks/openai.h"

namespace latchkey::sandbox {

enum class OpenaiAccess {
  kAllowed,
  kDenied,   // OpenAI has it, the project does not.
  kUnknown,  // Nobody has it.
};

OpenaiAccess AccessToModel(const OpenaiQuirks& quirks, std::string_view model);

// True for models that hold Realtime conversations, by their names.
bool SpeaksRealtime(std::string_view model);

// Bodies of GET /v1/models and GET /v1/models/{id}.
std::string OpenaiModelList(const OpenaiQuirks& quirks);
std::string OpenaiModelBody(const OpenaiModel& model);

}  // namespace latchkey::sandbox
