// Cartesia's voices: the list that GET /voices gives.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "lib/http/form.h"

namespace latchkey::sandbox {

// With `limit` (1 to 100, 10) and `starting_after`. nullopt when one of them is wrong.
std::optional<boost::json::object> CartesiaVoicesPage(const http::Form& query);

// GET /voices/{id}; nullopt when there is none.
std::optional<boost::json::object> CartesiaVoice(std::string_view id);

}  // namespace latchkey::sandbox
