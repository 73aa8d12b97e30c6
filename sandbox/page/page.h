// Page: the HTML at the sandbox's `/`, made of the files beside this one when it is built.
#pragma once

#include <string_view>

namespace latchkey::sandbox {

// Needs nothing from elsewhere but the sandbox's own endpoints.
std::string_view Page();

}  // namespace latchkey::sandbox
