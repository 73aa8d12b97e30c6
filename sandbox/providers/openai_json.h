// Reads fields of a client's JSON without trusting its shape.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace latchkey::sandbox {

// The value of `name`, or nullptr; also when `value` is null or no object.
inline const boost::json::value* FieldOf(const boost::json::value* value, std::string_view name) {
  const boost::json::object* const object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

inline const boost::json::value* FieldOf(const boost::json::object& object, std::string_view name) {
  return object.if_contains(name);
}

// A text, or "".
inline std::string TextOf(const boost::json::value* value) {
  const boost::json::string* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

template <typename Where>
std::string TextOf(const Where& where, std::string_view name) {
  return TextOf(FieldOf(where, name));
}

inline std::optional<int64_t> WholeNumberOf(const boost::json::value* value) {
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

}  // namespace latchkey::sandbox
