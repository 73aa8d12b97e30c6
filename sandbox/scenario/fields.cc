#include "sandbox/scenario/fields.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "lib/base/error.h"

namespace latchkey::sandbox {

absl::StatusOr<boost::json::value> ParseScenarioJson(std::string_view text) {
  boost::json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  boost::system::error_code failed;
  boost::json::value value = boost::json::parse(text, failed, {}, options);
  if (!failed) return value;
  return Error(absl::StatusCode::kInvalidArgument, "bad_scenario",
               fmt::format("The scenario is not JSON: {}.", failed.message()));
}

Fields::Fields(const boost::json::value& value, std::string place, absl::Status& error)
    : object_(value.if_object()), place_(std::move(place)), error_(error) {
  if (object_ == nullptr) Fail("", "should be an object");
}

const boost::json::value* Fields::Find(std::string_view name) {
  asked_.emplace(name);
  return object_ == nullptr ? nullptr : object_->if_contains(name);
}

std::string Fields::Place(std::string_view name) const {
  if (place_.empty() || name.empty()) return place_ + std::string(name);
  return fmt::format("{}.{}", place_, name);
}

void Fields::Fail(std::string_view name, std::string_view wanted) {
  if (!error_.ok()) return;
  error_ = Error(absl::StatusCode::kInvalidArgument, "bad_scenario",
                 fmt::format("In the scenario, {} {}.", Place(name), wanted));
}

void Fields::Text(std::string_view name, std::string& member) {
  const boost::json::value* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_string()) return Fail(name, "should be a text");
  member = value->get_string().c_str();
}

void Fields::Bool(std::string_view name, bool& member) {
  const boost::json::value* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_bool()) return Fail(name, "should be true or false");
  member = value->get_bool();
}

void Fields::ReadNumber(std::string_view name, int64_t& member) {
  const boost::json::value* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_int64() || value->get_int64() < 0) {
    return Fail(name, "should be a whole number, not below 0");
  }
  member = value->get_int64();
}

void Fields::Milliseconds(std::string_view name, absl::Duration& member) {
  int64_t milliseconds = absl::ToInt64Milliseconds(member);
  ReadNumber(name, milliseconds);
  member = absl::Milliseconds(milliseconds);
}

void Fields::Texts(std::string_view name, std::vector<std::string>& member) {
  const boost::json::value* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_array()) return Fail(name, "should be a list of texts");
  member.clear();
  for (const boost::json::value& item : value->get_array()) {
    if (!item.is_string()) return Fail(name, "should be a list of texts");
    member.emplace_back(item.get_string().c_str());
  }
}

void Fields::Finish() {
  if (object_ == nullptr) return;
  for (const auto& field : *object_) {
    const std::string_view name(field.key().data(), field.key().size());
    if (!asked_.contains(name)) Fail(name, "is not a field that is known here");
  }
}

}  // namespace latchkey::sandbox
