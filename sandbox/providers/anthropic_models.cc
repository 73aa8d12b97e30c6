#include "sandbox/providers/anthropic_models.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <iterator>

#include "absl/strings/numbers.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr int kPage = 20, kPageMax = 1000;

constexpr AnthropicModel kModels[] = {
    {"claude-haiku-5-5", "Claude Haiku 5.5", 55, "active", true, true},
    {"claude-sonnet-5-5", "Claude Sonnet 5.5", 55, "active", false, false},
    {"claude-opus-5-5", "Claude Opus 5.5", 55, "active", false, true},
    {"claude-fable-5-2", "Claude Fable 5.2", 52, "active", false, false},
    {"claude-sonnet-5", "Claude Sonnet 5", 50, "active", true, true},
    {"claude-opus-5", "Claude Opus 5", 50, "active", true, true},
    {"claude-opus-4-8", "Claude Opus 4.8", 48, "active", true, true},
    {"claude-opus-4-7", "Claude Opus 4.7", 47, "active", true, true},
    {"claude-opus-4-6", "Claude Opus 4.6", 46, "active", true, true},
    {"claude-sonnet-4-6", "Claude Sonnet 4.6", 46, "active", true, true},
    {"claude-opus-4-5", "Claude Opus 4.5", 45, "active", true, true},
    {"claude-sonnet-4-5", "Claude Sonnet 4.5", 45, "deprecated", true, true},
    {"claude-haiku-4-5", "Claude Haiku 4.5", 45, "active", true, true},
};

bool IsDateOf(std::string_view suffix) {
  constexpr size_t kDateChars = 9;  // "-20251001"
  return suffix.size() == kDateChars && suffix.front() == '-' &&
         suffix.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::ptrdiff_t IndexOf(std::string_view id) {
  const auto* const found = std::ranges::find(kModels, id, &AnthropicModel::id);
  return found == std::end(kModels) ? -1 : found - std::begin(kModels);
}

}  // namespace

const AnthropicModel* FindAnthropicModel(std::string_view id) {
  for (const AnthropicModel& model : kModels) {
    if (!id.starts_with(model.id)) continue;
    const std::string_view suffix = id.substr(model.id.size());
    if (suffix.empty() || IsDateOf(suffix)) return &model;
  }
  return nullptr;
}

json::object AnthropicModelJson(const AnthropicModel& model) {
  return {{"id", model.id},
          {"type", "model"},
          {"display_name", model.name},
          {"created_at", "2026-10-07T00:00:00Z"},
          {"lifecycle", model.lifecycle},
          {"max_input_tokens", model.version >= 50 ? 1'000'000 : 200'000},
          {"max_tokens", model.version >= 50 ? 128'000 : 64'000}};
}

std::optional<json::object> AnthropicModelsPage(const http::Form& query) {
  std::ptrdiff_t limit = kPage;
  const std::string_view wanted = query.Get("limit");
  const bool number =
      wanted.empty() || absl::SimpleAtoi(absl::string_view(wanted.data(), wanted.size()), &limit);
  if (!number || limit < 1 || limit > kPageMax) return std::nullopt;
  const auto count = static_cast<std::ptrdiff_t>(std::size(kModels));
  std::ptrdiff_t first = 0, last = count;
  if (query.Has("after_id")) {
    first = IndexOf(query.Get("after_id")) + 1;
    if (first == 0) return std::nullopt;
  } else if (query.Has("before_id")) {
    last = IndexOf(query.Get("before_id"));
    if (last < 0) return std::nullopt;
    first = std::max<std::ptrdiff_t>(0, last - limit);
  }
  const bool forward = !query.Has("before_id");
  const std::ptrdiff_t end = forward ? std::min(last, first + limit) : last;
  json::array data;
  for (std::ptrdiff_t i = first; i < end; ++i) data.push_back(AnthropicModelJson(kModels[i]));
  json::object page{{"has_more", forward ? end < count : first > 0}};
  page["first_id"] = data.empty() ? json::value() : data.front().at("id");
  page["last_id"] = data.empty() ? json::value() : data.back().at("id");
  page["data"] = std::move(data);
  return page;
}

}  // namespace latchkey::sandbox
