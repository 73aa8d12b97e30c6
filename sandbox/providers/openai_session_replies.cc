// How a Realtime session answers: one response at a time.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "sandbox/providers/openai_json.h"
#include "sandbox/providers/openai_reply.h"
#include "sandbox/providers/openai_session.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr int64_t kCachedStep = 64;  // What is cached is so in steps of this many tokens.

json::value Either(const json::value& overrides, const json::object& session,
                   std::string_view name) {
  const json::value* const own = FieldOf(&overrides, name);
  if (own != nullptr) return *own;
  const json::value* const shown = FieldOf(session, name);
  return shown == nullptr ? json::value() : *shown;
}

}  // namespace

OpenaiResponseSetup OpenaiSession::SetupFor(const json::value* overrides) {
  overrides_ = overrides == nullptr ? json::value() : *overrides;
  const json::object& session = config_.shown();
  const json::value& output = session.at("audio").at("output");
  OpenaiResponseSetup setup;
  setup.id = NewId("resp");
  setup.message_id = NewId("item");
  setup.call_item_id = NewId("item");
  setup.call_id = NewId("call");
  const bool apart = TextOf(&overrides_, "conversation") == "none";
  if (!apart) setup.conversation_id = "conv_" + options_.id.substr(5);
  setup.audio = Either(overrides_, session, "output_modalities") == json::array{"audio"};
  setup.format = config_.format("output");
  setup.shown_format = output.at("format");
  setup.voice = output.at("voice");
  const json::value* const metadata = FieldOf(&overrides_, "metadata");
  if (metadata != nullptr) setup.metadata = *metadata;
  setup.tokens_max = Either(overrides_, session, "max_output_tokens");
  setup.output_tokens_max = WholeNumberOf(&setup.tokens_max);
  return setup;
}

void OpenaiSession::Respond(const json::value* overrides) {
  idle_at_ = absl::InfiniteFuture();
  response_.emplace(SetupFor(overrides));
  Send(response_->Created(), response_->setup().id);
  OpenaiAction respond;
  respond.kind = OpenaiAction::Kind::kRespond;
  actions_.push_back(std::move(respond));
}

bool OpenaiSession::WantsReply() const {
  return response_.has_value() && !response_->planned() && conversation_.AllHeard();
}

OpenaiReply OpenaiSession::PlanReply() const {
  const json::value* const overrides = overrides_.is_null() ? nullptr : &overrides_;
  return PlanOpenaiReply(*options_.scenario, conversation_, config_.shown(), overrides);
}

OpenaiActions OpenaiSession::OnReply(OpenaiReply reply, absl::Time now) {
  now_ = now;
  if (!response_.has_value()) return {};
  const absl::Duration wait = limit_.Wait(conversation_.tokens().total(), now);
  if (options_.failure.has_value()) return FailResponse(*options_.failure, now);
  if (quirks_.enforce_limits && wait > absl::ZeroDuration()) {
    const std::string seconds = absl::FormatDuration(absl::Ceil(wait, absl::Milliseconds(100)));
    return FailResponse({"rate_limit_exceeded",
                         "Rate limit reached for " + options_.model +
                             " on tokens per min (TPM). Please try again in " + seconds + ".",
                         "", "rate_limit_exceeded"},
                        now);
  }
  spoken_ = spoken_ || response_->setup().audio;
  response_->Plan(std::move(reply));
  return {};
}

OpenaiActions OpenaiSession::NextPiece(absl::Time now) {
  now_ = now;
  if (!responding()) return {};
  OpenaiEvents events = response_->Next();
  if (events.empty()) {
    FinishResponse();
  } else {
    SendAll(std::move(events));
  }
  return Take();
}

// Events of the conversation are for the conversation only, and change it.
void OpenaiSession::SendAll(OpenaiEvents events) {
  const OpenaiResponseSetup& setup = response_->setup();
  for (OpenaiEvent& event : events) {
    const bool of_conversation = TextOf(event.body, "type").starts_with("conversation.");
    if (of_conversation && setup.conversation_id.empty()) continue;
    if (of_conversation) Note(event.body);
    Send(std::move(event.body), setup.id);
    actions_.back().moment = event.moment;
  }
  OpenaiItem* const message = conversation_.Find(setup.message_id);
  if (message == nullptr) return;
  message->audio_ms = response_->sent_ms();
  message->words = response_->sent_text();
}

// Puts the item into the conversation, and tells where it stands.
void OpenaiSession::Note(json::object& event) {
  const json::object& shown = event.at("item").get_object();
  OpenaiItem* const known = conversation_.Find(TextOf(shown, "id"));
  if (known != nullptr) {
    known->shown = shown;
    return;
  }
  OpenaiItem item;
  item.shown = shown;
  const std::string before = *conversation_.Add(std::move(item));
  event["previous_item_id"] = before.empty() ? json::value() : json::value(before);
}

void OpenaiSession::FinishResponse() {
  OpenaiTokens input = conversation_.tokens();
  input.text += TextTokens(TextOf(config_.shown(), "instructions")) +
                TextTokens(TextOf(&overrides_, "instructions")) +
                TextTokens(json::serialize(Either(overrides_, config_.shown(), "tools")));
  OpenaiItem* const said = conversation_.Find(response_->setup().message_id);
  if (said != nullptr) {  // What it has just said is no input of it.
    input.text -= said->tokens().text;
    input.audio -= said->tokens().audio;
  }
  OpenaiTokens cached;
  cached.text = std::min(cached_.text, input.text) / kCachedStep * kCachedStep;
  cached.audio = std::min(cached_.audio, input.audio) / kCachedStep * kCachedStep;
  cached_ = input;
  limit_.Use(input.total() + response_->output_tokens().total(), now_);
  Send(response_->Done(input, cached), response_->setup().id);
  actions_.back().moment = Fault::Moment::kEnd;
  Send(limit_.Event(now_));
  const absl::Duration played = absl::Milliseconds(response_->sent_ms());
  response_.reset();
  BeginIdle(now_ + played);
  if (std::exchange(respond_next_, false)) Respond(nullptr);
}

// The timeout counts from when the answer has been played.
void OpenaiSession::BeginIdle(absl::Time from) {
  idle_at_ = from + config_.turn_detection().idle_timeout;
}

void OpenaiSession::Interrupt(std::string reason) {
  if (!response_.has_value()) return;
  SendAll(response_->Cancel(std::move(reason)));
  FinishResponse();
}

OpenaiActions OpenaiSession::FailResponse(const OpenaiError& error, absl::Time now) {
  now_ = now;
  if (!response_.has_value()) return {};
  response_->Fail(error);
  FinishResponse();
  return Take();
}

}  // namespace latchkey::sandbox
