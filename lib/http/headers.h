// Headers: the header fields of an HTTP message. Names compare without case; repeats are kept.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey::http {

class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  // Appends; an earlier field of the same name stays.
  void Add(std::string_view name, std::string_view value);
  // Replaces every field of that name.
  void Set(std::string_view name, std::string_view value);

  // The first value, or "" when there is none. Valid until the headers change.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  size_t size() const { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

// True when both are the same, ASCII letters' case aside.
bool EqualNoCase(std::string_view a, std::string_view b);

// True when a comma-separated value such as "keep-alive, Upgrade" names `token`, case aside.
bool HasToken(std::string_view value, std::string_view token);

}  // namespace latchkey::http
