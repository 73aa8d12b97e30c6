// Candidate: the key under probe, opened, for the time of one probe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lib/secret/key_fields.h"

namespace latchkey::validator {

// Movable, not copyable. Its secrets are wiped with it.
class Candidate {
 public:
  void PutSecret(std::string_view name, Secret value) { secrets_.Put(name, std::move(value)); }
  void PutText(std::string_view name, std::string value) {
    texts_.insert_or_assign(std::string(name), std::move(value));
  }

  // The model that calls will use, where the provider has several; "" is the usual one.
  void set_model(std::string model) { model_ = std::move(model); }
  std::string_view model() const { return model_; }

  // A field that the catalogue calls secret; null when it was not given.
  const Secret* FindSecret(std::string_view name) const { return secrets_.Find(name); }
  // A field that may be shown (an account id); "" when it was not given.
  std::string_view Text(std::string_view name) const {
    const auto found = texts_.find(name);
    return found == texts_.end() ? std::string_view() : std::string_view(found->second);
  }

 private:
  secret::KeyFields secrets_;
  std::map<std::string, std::string, std::less<>> texts_;
  std::string model_;
};

}  // namespace latchkey::validator
