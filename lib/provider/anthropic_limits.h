// How many calls at a time an Anthropic account bears, by the rate limits that stand in its
// answers.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

namespace latchkey::provider {

// The value of a header field, "" when there is none.
using HeaderOf = std::function<std::string_view(std::string_view name)>;

// 0.7 × min(RPM/t, ITPM/(I·t), OTPM/(O·t)) with t = 4 turns a minute, I = 1500 uncached input and
// O = 80 output tokens a turn; never less than 1. Nothing when no such limit is told.
std::optional<int> AnthropicCallCeiling(const HeaderOf& header);

}  // namespace latchkey::provider
