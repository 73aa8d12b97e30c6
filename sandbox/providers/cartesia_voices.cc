#include "sandbox/providers/cartesia_voices.h"

#include <boost/json/array.hpp>
#include <iterator>

#include "absl/strings/numbers.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr size_t kPage = 10, kPageMax = 100;

struct Voice {
  std::string_view id, name, description;
};

// Public ones that the documents name; flite speaks for both.
constexpr Voice kVoices[] = {
    {"f786b574-daa5-4673-aa0c-cbe3e8534c02", "Katie", "Clear and friendly"},
    {"a5136bf9-224c-4d76-b823-52bd5efcffcc", "Jameson", "Calm and natural"},
};

json::object VoiceJson(const Voice& voice) {
  return {{"id", voice.id},
          {"name", voice.name},
          {"language", "en"},
          {"description", voice.description},
          {"is_owner", false},
          {"is_public", true},
          {"gender", "gender_neutral"},
          {"created_at", "2026-01-12T00:00:00Z"}};
}

}  // namespace

std::optional<json::object> CartesiaVoice(std::string_view id) {
  for (const Voice& voice : kVoices) {
    if (voice.id == id) return VoiceJson(voice);
  }
  return std::nullopt;
}

std::optional<json::object> CartesiaVoicesPage(const http::Form& query) {
  size_t limit = kPage;
  const std::string_view wanted = query.Get("limit");
  const bool number =
      wanted.empty() || absl::SimpleAtoi(absl::string_view(wanted.data(), wanted.size()), &limit);
  if (!number || limit < 1 || limit > kPageMax) return std::nullopt;
  const std::string_view after = query.Get("starting_after");
  size_t first = 0;
  while (!after.empty() && first < std::size(kVoices) && kVoices[first].id != after) ++first;
  if (!after.empty()) ++first;
  if (first > std::size(kVoices)) return std::nullopt;  // No such voice.
  json::array data;
  for (size_t i = first; i < std::size(kVoices) && data.size() < limit; ++i) {
    data.push_back(VoiceJson(kVoices[i]));
  }
  const bool more = first + data.size() < std::size(kVoices);
  json::object page{{"has_more", more}, {"next_page", nullptr}};
  if (more) page["next_page"] = data.back().at("id");
  page["data"] = std::move(data);
  return page;
}

}  // namespace latchkey::sandbox
