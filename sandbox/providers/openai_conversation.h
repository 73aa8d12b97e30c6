// OpenaiConversation: what has been said in a Realtime session, in its order.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/providers/openai_error.h"
#include "sandbox/providers/openai_usage.h"

namespace latchkey::sandbox {

struct OpenaiItem {
  boost::json::object shown;  // As events show it; has an id.
  std::string words;          // What is said in it, so far as is known.
  int64_t audio_ms = 0;       // Of the user's or the model's voice.
  bool heard = true;          // False while the user's words are being worked out.

  std::string id() const;
  bool Is(std::string_view type, std::string_view role = "") const;
  OpenaiTokens tokens() const;
};

// Makes an item of what a client sent; `id` is for one that has none.
OpenaiItem MakeOpenaiItem(boost::json::object sent, std::string id);
OpenaiItem MakeHeardItem(std::string id, int64_t audio_ms);

// What is wrong with the `item` of conversation.item.create; `place` is its name in messages.
std::optional<OpenaiError> WrongWithOpenaiItem(const boost::json::value* item,
                                               const std::string& place);

class OpenaiConversation {
 public:
  static constexpr size_t kItemsMax = 2000;  // The oldest are forgotten, as with a full context.

  // Puts it behind `previous`: "" is the end, "root" the beginning. Returns the id before it, ""
  // when it is the first; nothing when there is no such previous item.
  std::optional<std::string> Add(OpenaiItem item, std::string_view previous = "");
  OpenaiItem* Find(std::string_view id);
  bool Remove(std::string_view id);

  // Cuts the model's audio item to `audio_end_ms`; its transcript goes.
  std::optional<OpenaiError> Truncate(std::string_view id, int64_t content_index,
                                      int64_t audio_end_ms);

  bool AllHeard() const;
  // What the user said last, in all items since the model's last; nothing if it never spoke.
  std::optional<std::string> LastUserWords() const;
  bool EndsWithToolOutput() const;
  // The function whose output it ends with; "" when there is none.
  std::string LastTool() const;
  OpenaiTokens tokens() const;

 private:
  std::deque<OpenaiItem> items_;
};

}  // namespace latchkey::sandbox
