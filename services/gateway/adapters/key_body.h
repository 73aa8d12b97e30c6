// KeyBody: a JSON object of texts, read where it lies in guarded memory.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/secret/secret.h"

namespace latchkey::gateway {

// The body of a request that carries a key. Its texts are decoded in place, so that no byte of them
// is anywhere else; a JSON library would leave pieces behind.
class KeyBody {
 public:
  // {"apiKey": "…"}: names without escapes, values texts, no name twice. std::nullopt for anything
  // else.
  static std::optional<KeyBody> Parse(Secret body);

  size_t size() const { return fields_.size(); }
  // The text of a field, copied within guarded memory; std::nullopt when there is no such field.
  std::optional<Secret> Find(std::string_view name) const;

 private:
  class Reader;

  struct Place {
    size_t begin = 0;
    size_t size = 0;
  };

  Secret body_;
  std::map<std::string, Place, std::less<>> fields_;
};

}  // namespace latchkey::gateway
