// Check: ends the process on a broken invariant, which is a bug of ours and never an input's fault.
#pragma once

#include <string_view>

namespace latchkey {

// Ends the process with `why` and the place when `condition` is false. For what must hold if our
// own code is right; what a caller or a peer can get wrong is an Error instead.
void Check(bool condition, std::string_view why, const char* file = __builtin_FILE(),
           int line = __builtin_LINE());

}  // namespace latchkey
