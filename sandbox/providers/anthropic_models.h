// Anthropic's models: what each of them accepts, and how they are listed.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "lib/http/form.h"

namespace latchkey::sandbox {

struct AnthropicModel {
  std::string_view id;
  std::string_view name;
  int version = 0;  // 55 is 5.5
  std::string_view lifecycle = "active";
  bool thinking_can_be_disabled = true;
  bool tools_can_be_forced = true;

  bool ThinksUnasked() const { return version >= 50; }
  bool TakesThinkingEnabled() const { return version < 47; }
  bool TakesPrefill() const { return version < 46; }
};

// A dated id is its model's. nullptr when the API does not serve it.
const AnthropicModel* FindAnthropicModel(std::string_view id);

// GET /v1/models/{id}
boost::json::object AnthropicModelJson(const AnthropicModel& model);
// GET /v1/models with `limit` (1 to 1000, 20), `after_id` and `before_id`. nullopt when one of them
// is wrong.
std::optional<boost::json::object> AnthropicModelsPage(const http::Form& query);

}  // namespace latchkey::sandbox
