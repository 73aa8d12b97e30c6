#include "lib/base/check.h"

#include <cstdlib>
#include <iostream>

namespace latchkey {

void Check(bool condition, std::string_view why, const char* file, int line) {
  if (condition) return;
  std::cerr << "broken invariant at " << file << ":" << line << ": " << why << std::endl;
  std::abort();
}

}  // namespace latchkey
