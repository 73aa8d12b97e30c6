// OpenaiSessionFixture: a Realtime session without a socket, spoken to in JSON.
#pragma once

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/providers/openai_session.h"

namespace latchkey::sandbox {

class OpenaiSessionFixture : public ::testing::Test {
 protected:
  using Json = boost::json::value;
  using Kind = OpenaiAction::Kind;

  OpenaiSessionFixture() {
    scenario_.agent = {
        {.when = {"perfect"}, .say = "Wonderful, it is moved.", .end_call = false},
        {.when = {"goodbye"}, .say = "Goodbye!", .end_call = true},
        {.when = {}, .say = "I did not catch that.", .end_call = false},
    };
  }

  // Begins a session, with what the test has set up until then.
  OpenaiSession& Session() {
    if (!session_.has_value()) {
      OpenaiSessionOptions options;
      options.scenario = std::make_shared<const Scenario>(scenario_);
      options.model = "gpt-realtime-2.1";
      options.begin = now_;
      options.refusal = refusal_;
      options.failure = failure_;
      session_.emplace(std::move(options));
      Keep(session_->Begin());
    }
    return *session_;
  }

  // The events that came of it, beside the other actions, which go into `asked_`.
  std::vector<Json> Keep(OpenaiActions actions) {
    std::vector<Json> events;
    for (OpenaiAction& action : actions) {
      if (action.kind == Kind::kSend) {
        events.push_back(boost::json::parse(action.text));
        all_.push_back(events.back());
      } else {
        asked_.push_back(std::move(action));
      }
    }
    return events;
  }

  std::vector<Json> Tell(std::string_view event) { return Keep(Session().OnText(event, now_)); }

  // Has the session say all of its reply; `audio` gives it so many milliseconds of voice.
  std::vector<Json> Reply(int64_t audio_ms = 0) {
    OpenaiReply reply = Session().PlanReply();
    if (audio_ms > 0) reply.speech = Voice(reply.text, audio_ms);
    std::vector<Json> events = Keep(Session().OnReply(std::move(reply), now_));
    while (Session().responding()) {
      for (Json& event : Keep(Session().NextPiece(now_))) events.push_back(std::move(event));
    }
    return events;
  }

  // Its words come one after another, all of the same length.
  static std::shared_ptr<const Speech> Voice(const std::string& text, int64_t audio_ms) {
    auto speech = std::make_shared<Speech>();
    speech->mulaw.assign(static_cast<size_t>(audio_ms) * 8, uint8_t{0x55});
    std::vector<std::string> words;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find(' ', at), text.size());
      words.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    const absl::Duration length = absl::Milliseconds(audio_ms) / static_cast<int64_t>(words.size());
    for (size_t i = 0; i < words.size(); ++i) {
      const absl::Duration start = length * static_cast<int64_t>(i);
      speech->words.push_back({words[i], start, start + length});
    }
    return speech;
  }

  // A spoken turn of the user's, understood at once; the events of both.
  std::vector<Json> Say(std::string words) {
    Session();
    asked_.clear();
    std::vector<Json> events = Keep(session_->OnSpeechStarted(absl::Milliseconds(500), now_));
    for (Json& event :
         Keep(session_->OnSpeechStopped(absl::Milliseconds(500), absl::Milliseconds(2500), now_))) {
      events.push_back(std::move(event));
    }
    session_->OnHeard(Committed(), std::move(words));
    return events;
  }

  std::string Committed() const {
    for (const OpenaiAction& action : asked_) {
      if (action.kind == Kind::kCommit) return action.item_id;
    }
    return "";
  }

  static std::string Text(const Json& event, std::string_view pointer) {
    boost::system::error_code none;
    const Json* const found = event.find_pointer(pointer, none);
    return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : "";
  }
  static int64_t Number(const Json& event, std::string_view pointer) {
    boost::system::error_code none;
    const Json* const found = event.find_pointer(pointer, none);
    return found != nullptr && found->is_int64() ? found->get_int64() : -1;
  }
  static std::vector<std::string> Types(const std::vector<Json>& events) {
    std::vector<std::string> types;
    for (const Json& event : events) types.push_back(Text(event, "/type"));
    return types;
  }
  static const Json* Find(const std::vector<Json>& events, std::string_view type) {
    for (const Json& event : events) {
      if (Text(event, "/type") == type) return &event;
    }
    return nullptr;
  }

  Scenario scenario_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::optional<OpenaiError> refusal_, failure_;
  std::vector<Json> all_;
  OpenaiActions asked_;
  std::optional<OpenaiSession> session_;
};

MATCHER_P(IsError, code, "is an error event") {
  for (const boost::json::value& event : arg) *result_listener << boost::json::serialize(event);
  if (arg.size() != 1) return false;
  const boost::json::value& event = arg.front();
  return event.at("type") == "error" && event.at("error").at("code") == code;
}

}  // namespace latchkey::sandbox
