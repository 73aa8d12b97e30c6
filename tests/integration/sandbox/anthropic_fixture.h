// AnthropicFixture: speaks to the stand-in of Anthropic as a client of the API does.
#pragma once

#include <algorithm>

#include "lib/http/sse.h"
#include "tests/integration/sandbox/providers_fixture.h"

namespace latchkey::sandbox {

namespace json = boost::json;

using Event = http::SseEvent;

inline constexpr char kProbe[] =
    R"({"model":"claude-haiku-5-5","max_tokens":1,"thinking":{"type":"disabled"},)"
    R"("messages":[{"role":"user","content":"Hi"}]})";

inline std::string Ask(std::string_view said) {
  return std::string(R"({"model":"claude-haiku-5-5","max_tokens":300,"stream":true,)"
                     R"("thinking":{"type":"disabled"},"tools":[{"name":"end_call"}],)"
                     R"("messages":[{"role":"user","content":")") +
         std::string(said) + "\"}]}";
}

inline Task<absl::StatusOr<std::vector<Event>>> ReadEvents(http::Client& client,
                                                           http::Request request,
                                                           http::Limits limits) {
  absl::StatusOr<std::unique_ptr<http::BodyStream>> body = co_await client.Open(request, limits);
  if (!body.ok()) co_return body.status();
  http::SseReader reader(**body);
  std::vector<Event> events;
  while (true) {
    absl::StatusOr<std::optional<Event>> event = co_await reader.Next();
    if (!event.ok()) co_return event.status();
    if (!event->has_value()) co_return events;
    events.push_back(**std::move(event));
  }
}

class AnthropicFixture : public ProvidersFixture {
 protected:
  absl::StatusOr<std::vector<Event>> Stream(std::string_view said) {
    return Await(io_, ReadEvents(*client_, Post("/v1/messages", Ask(said), good_), limits_));
  }
};

inline std::vector<std::string> NamesOf(const std::vector<Event>& events) {
  std::vector<std::string> names;
  for (const Event& event : events) names.push_back(event.event);
  return names;
}

inline std::string SpokenIn(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) text += TextAt(json::parse(event.data), "/delta/text");
  return text;
}

}  // namespace latchkey::sandbox
