// KeyFields: a provider key as its owner sees it, a few named secrets that are saved as one.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lib/secret/secret.h"

namespace latchkey::secret {

// Twilio: account_sid, auth_token, phone_number. Most others: api_key. Movable, not copyable.
class KeyFields {
 public:
  // Replaces a field of the same name.
  void Put(std::string_view name, Secret value) {
    fields_.insert_or_assign(std::string(name), std::move(value));
  }

  // Null when there is no such field.
  const Secret* Find(std::string_view name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? nullptr : &found->second;
  }

  // In the names' order.
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }

 private:
  std::map<std::string, Secret, std::less<>> fields_;
};

}  // namespace latchkey::secret
