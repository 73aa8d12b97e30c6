#include "sandbox/providers/openai_conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "sandbox/providers/openai_json.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

std::string WordsOf(const json::object& item) {
  const json::value* const content = FieldOf(item, "content");
  if (content == nullptr || !content->is_array()) {
    return TextOf(item, "arguments") + TextOf(item, "output");
  }
  std::string words;
  for (const json::value& part : content->get_array()) {
    const std::string text = TextOf(&part, "text") + TextOf(&part, "transcript");
    if (!text.empty()) words += (words.empty() ? "" : " ") + text;
  }
  return words;
}

OpenaiError Missing(const std::string& param) {
  return {"missing_required_parameter", fmt::format("Missing required parameter: '{}'.", param),
          param};
}

OpenaiError Invalid(const std::string& param, std::string_view wanted) {
  return {"invalid_value", fmt::format("Invalid value for '{}': expected {}.", param, wanted),
          param};
}

bool FitsRole(std::string_view role, std::string_view type) {
  if (role == "assistant") return type == "output_text" || type == "output_audio";
  if (role == "system") return type == "input_text";
  return type == "input_text" || type == "input_audio" || type == "input_image";
}

std::optional<OpenaiError> WrongWithMessage(const json::value* item, const std::string& place) {
  const std::string role = TextOf(item, "role");
  if (role != "user" && role != "assistant" && role != "system") {
    return Invalid(place + ".role", "one of 'user', 'assistant', 'system'");
  }
  const json::value* const content = FieldOf(item, "content");
  if (content == nullptr || !content->is_array()) return Missing(place + ".content");
  int index = 0;
  for (const json::value& part : content->get_array()) {
    const std::string param = fmt::format("{}.content[{}].type", place, index++);
    if (!FitsRole(role, TextOf(&part, "type"))) {
      return Invalid(param, role == "assistant" ? "'output_text'" : "'input_text'");
    }
  }
  return std::nullopt;
}

}  // namespace

std::string OpenaiItem::id() const { return TextOf(shown, "id"); }

bool OpenaiItem::Is(std::string_view type, std::string_view role) const {
  return TextOf(shown, "type") == type && (role.empty() || TextOf(shown, "role") == role);
}

OpenaiTokens OpenaiItem::tokens() const {
  OpenaiTokens tokens;
  const bool spoken_by_user = audio_ms > 0 && Is("message", "user");
  tokens.audio = spoken_by_user ? HeardTokens(audio_ms) : SpokenTokens(audio_ms);
  if (!spoken_by_user) tokens.text = TextTokens(words);
  return tokens;
}

OpenaiItem MakeOpenaiItem(json::object sent, std::string id) {
  OpenaiItem item;
  item.words = WordsOf(sent);
  item.shown = std::move(sent);
  if (item.id().empty()) item.shown["id"] = std::move(id);
  item.shown["object"] = "realtime.item";
  item.shown["status"] = "completed";
  return item;
}

OpenaiItem MakeHeardItem(std::string id, int64_t audio_ms) {
  const json::object part{{"type", "input_audio"}, {"transcript", nullptr}};
  OpenaiItem item = MakeOpenaiItem(
      {{"type", "message"}, {"role", "user"}, {"content", json::array{part}}}, std::move(id));
  item.audio_ms = audio_ms;
  item.heard = false;
  return item;
}

std::optional<OpenaiError> WrongWithOpenaiItem(const json::value* item, const std::string& place) {
  if (item == nullptr || !item->is_object()) return Missing(place);
  const std::string type = TextOf(item, "type");
  if (type == "message") return WrongWithMessage(item, place);
  if (type == "function_call_output") {
    if (TextOf(item, "call_id").empty()) return Missing(place + ".call_id");
    if (FieldOf(item, "output") == nullptr) return Missing(place + ".output");
    return std::nullopt;
  }
  if (type == "function_call" || type == "item_reference") return std::nullopt;
  if (type.empty()) return Missing(place + ".type");
  return Invalid(place + ".type", "one of 'message', 'function_call', 'function_call_output'");
}

std::optional<std::string> OpenaiConversation::Add(OpenaiItem item, std::string_view previous) {
  auto at = items_.end();
  if (previous == "root") {
    at = items_.begin();
  } else if (!previous.empty()) {
    at = std::ranges::find_if(items_, [&](const OpenaiItem& one) { return one.id() == previous; });
    if (at == items_.end()) return std::nullopt;
    ++at;
  }
  const std::string before = at == items_.begin() ? "" : std::prev(at)->id();
  items_.insert(at, std::move(item));
  if (items_.size() > kItemsMax) items_.pop_front();
  return before;
}

OpenaiItem* OpenaiConversation::Find(std::string_view id) {
  const auto found =
      std::ranges::find_if(items_, [&](const OpenaiItem& item) { return item.id() == id; });
  return found == items_.end() ? nullptr : &*found;
}

bool OpenaiConversation::Remove(std::string_view id) {
  return std::erase_if(items_, [&](const OpenaiItem& item) { return item.id() == id; }) > 0;
}

std::optional<OpenaiError> OpenaiConversation::Truncate(std::string_view id, int64_t content_index,
                                                        int64_t audio_end_ms) {
  OpenaiItem* const item = Find(id);
  if (item == nullptr) {
    return OpenaiError("item_truncate_invalid_item_id",
                       "Error truncating item: the item with id does not exist.", "item_id");
  }
  if (!item->Is("message", "assistant") || item->audio_ms == 0) {
    return OpenaiError("invalid_value", "Only model output audio messages can be truncated.",
                       "item_id");
  }
  if (content_index != 0) return Invalid("content_index", "0");
  if (audio_end_ms < 0) return Invalid("audio_end_ms", "a whole number, not below 0");
  if (audio_end_ms > item->audio_ms) {
    return OpenaiError("invalid_value",
                       fmt::format("Audio content of {}ms is already shorter than {}ms",
                                   item->audio_ms, audio_end_ms),
                       "audio_end_ms");
  }
  item->audio_ms = audio_end_ms;
  item->words.clear();
  item->shown["content"] = json::array{json::object{{"type", "output_audio"}}};
  return std::nullopt;
}

bool OpenaiConversation::AllHeard() const {
  return std::ranges::all_of(items_, [](const OpenaiItem& item) { return item.heard; });
}

std::optional<std::string> OpenaiConversation::LastUserWords() const {
  std::optional<std::string> words;
  for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
    if (words.has_value() && !item->Is("message", "user")) break;
    if (!item->Is("message", "user")) continue;
    const bool more = words.has_value() && !words->empty() && !item->words.empty();
    words = item->words + (more ? " " : "") + words.value_or("");
  }
  return words;
}

bool OpenaiConversation::EndsWithToolOutput() const {
  return !items_.empty() && items_.back().Is("function_call_output");
}

std::string OpenaiConversation::LastTool() const {
  if (!EndsWithToolOutput()) return "";
  const std::string call = TextOf(items_.back().shown, "call_id");
  for (const OpenaiItem& item : items_) {
    const bool it = item.Is("function_call") && TextOf(item.shown, "call_id") == call;
    if (it) return TextOf(item.shown, "name");
  }
  return "";
}

OpenaiTokens OpenaiConversation::tokens() const {
  OpenaiTokens tokens;
  for (const OpenaiItem& item : items_) tokens += item.tokens();
  return tokens;
}

}  // namespace latchkey::sandbox
