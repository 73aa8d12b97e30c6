// Statement: SQL with a name, prepared once on each connection that uses it.
#pragma once

#include <string_view>

namespace latchkey::pg {

// A constant of the adapter that uses it, so that its whole SQL can be read in one place:
//
//   constexpr pg::Statement kFind{"sample_find", "SELECT body FROM samples WHERE sample_id = $1"};
//
// Names are unique in a process; the same name with other SQL ends it. Tables need no schema in
// front: a pool's connections look in its schema alone.
struct Statement {
  std::string_view name;
  std::string_view sql;
};

}  // namespace latchkey::pg
