// Fields: reads one JSON object into members, and remembers the first thing that is wrong with it.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

// JSON in which // comments and trailing commas are allowed. kInvalidArgument `bad_scenario`.
absl::StatusOr<boost::json::value> ParseScenarioJson(std::string_view text);

// What is absent leaves the member as it was. `place` is for messages: "callees.*.lines[2]".
class Fields {
 public:
  Fields(const boost::json::value& value, std::string place, absl::Status& error);

  void Text(std::string_view name, std::string& member);
  void Bool(std::string_view name, bool& member);
  void Milliseconds(std::string_view name, absl::Duration& member);
  void Texts(std::string_view name, std::vector<std::string>& member);

  template <typename Integer>
  void Number(std::string_view name, Integer& member) {
    int64_t number = static_cast<int64_t>(member);
    ReadNumber(name, number);
    member = static_cast<Integer>(number);
  }

  // One of a few words.
  template <typename Enum>
  void Choice(std::string_view name, Enum& member,
              std::initializer_list<std::pair<std::string_view, Enum>> words) {
    std::string text;
    Text(name, text);
    if (text.empty()) return;
    std::string known;
    for (const auto& [word, value] : words) {
      if (word == text) {
        member = value;
        return;
      }
      known += std::string(known.empty() ? "" : ", ") + std::string(word);
    }
    Fail(name, "should be one of: " + known);
  }

  // The value of `name`, or nullptr; for what has a shape of its own.
  const boost::json::value* Find(std::string_view name);
  std::string Place(std::string_view name) const;

  // Calls `read(item, place)` for each item of the list called `name`.
  template <typename Read>
  void ForEach(std::string_view name, const Read& read) {
    const boost::json::value* list = Find(name);
    if (list == nullptr) return;
    if (!list->is_array()) return Fail(name, "should be a list");
    int index = 0;
    for (const boost::json::value& item : list->get_array()) {
      read(item, Place(name) + "[" + std::to_string(index++) + "]");
    }
  }

  // Fails if the object has a field that nobody asked for.
  void Finish();
  void Fail(std::string_view name, std::string_view wanted);

 private:
  void ReadNumber(std::string_view name, int64_t& member);

  const boost::json::object* object_ = nullptr;
  std::string place_;
  absl::Status& error_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace latchkey::sandbox
