// DemoScenario: demo.json, built into the program, for who starts it without a scenario.
#pragma once

#include <string_view>

namespace latchkey::sandbox {

std::string_view DemoScenario();

}  // namespace latchkey::sandbox
