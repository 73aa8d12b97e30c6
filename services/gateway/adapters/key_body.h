// KeyBody: a JSON object that holds a key, read where it lies in guarded memory.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/id.h"
#include "lib/secret/secret.h"

namespace latchkey::gateway {

// The body of a request that carries a key. Its texts are decoded in place, so that no byte of them
// is anywhere else; a JSON library would leave pieces behind.
class KeyBody {
 public:
  // {"apiKey": "…", "numberIds": ["…"], "all": true}: names without escapes, values texts, lists of
  // texts or true or false, no name twice. std::nullopt for anything else.
  static std::optional<KeyBody> Parse(Secret body);

  // How many members it has.
  size_t size() const { return members_.size(); }
  // The text of a field, copied within guarded memory; std::nullopt when there is no such field.
  std::optional<Secret> Find(std::string_view name) const;
  // std::nullopt when there is no such member, or it is not true or false.
  std::optional<bool> FindBool(std::string_view name) const;
  // The numbers that a list names. std::nullopt when there is no such list, or not all of it are
  // ids of numbers: so a key that was put there by mistake gets nowhere.
  std::optional<std::vector<NumberId>> FindNumbers(std::string_view name) const;

 private:
  class Reader;

  struct Place {
    size_t begin = 0;
    size_t size = 0;
  };

  using Member = std::variant<Place, std::vector<Place>, bool>;
  using Members = std::map<std::string, Member, std::less<>>;

  std::string_view At(const Place& place) const;

  Secret body_;
  Members members_;
};

}  // namespace latchkey::gateway
