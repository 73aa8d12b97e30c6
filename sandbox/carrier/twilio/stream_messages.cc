#include "sandbox/carrier/twilio/stream_messages.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "lib/base/error.h"
#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox::twilio {
namespace {

namespace json = boost::json;

constexpr int64_t kBytesPerMs = 8;  // 8000 Hz, one byte a sample.

// A text as JSON writes it, in quotes.
std::string Quoted(std::string_view text) { return json::serialize(json::string(text)); }

absl::Status BadMessage() {
  return Error(absl::StatusCode::kInvalidArgument, "stream_31951",
               "Twilio takes media, mark and clear with this stream's sid, and nothing else.");
}

// The text called `name`; nullptr if there is none.
const json::string* FindText(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_string();
}

// The text `inner` of the object `outer`.
const json::string* FindText(const json::object& object, std::string_view outer,
                             std::string_view inner) {
  const json::value* value = object.if_contains(outer);
  if (value == nullptr || !value->is_object()) return nullptr;
  return FindText(value->get_object(), inner);
}

}  // namespace

std::string StreamMessages::Head(std::string_view event) {
  return fmt::format(R"({{"event":"{}","sequenceNumber":"{}","streamSid":"{}",)", event,
                     ++sequence_, stream_sid_);
}

std::string StreamMessages::Connected() const {
  return R"({"event":"connected","protocol":"Call","version":"1.0.0"})";
}

std::string StreamMessages::Start(const Parameters& parameters) {
  json::object custom;
  for (const auto& [name, value] : parameters) custom[name] = value;
  return Head("start") +
         fmt::format(R"("start":{{"accountSid":"{}","streamSid":"{}","callSid":"{}",)"
                     R"("tracks":["inbound"],"mediaFormat":{{"encoding":"audio/x-mulaw",)"
                     R"("sampleRate":8000,"channels":1}},"customParameters":{}}}}})",
                     account_sid_, stream_sid_, call_sid_, json::serialize(custom));
}

std::string StreamMessages::Media(std::span<const uint8_t> mulaw) {
  ++chunk_;
  bytes_ += static_cast<int64_t>(mulaw.size());
  return Head("media") +
         fmt::format(
             R"("media":{{"track":"inbound","chunk":"{}","timestamp":"{}","payload":"{}"}}}})",
             chunk_, bytes_ / kBytesPerMs, EncodeBase64(mulaw));
}

std::string StreamMessages::Mark(std::string_view name) {
  return Head("mark") + fmt::format(R"("mark":{{"name":{}}}}})", Quoted(name));
}

std::string StreamMessages::Dtmf(std::string_view digit) {
  return Head("dtmf") +
         fmt::format(R"("dtmf":{{"track":"inbound_track","digit":{}}}}})", Quoted(digit));
}

std::string StreamMessages::Stop() {
  return Head("stop") +
         fmt::format(R"("stop":{{"accountSid":"{}","callSid":"{}"}}}})", account_sid_, call_sid_);
}

absl::StatusOr<StreamCommand> ParseStreamCommand(std::string_view text,
                                                 std::string_view stream_sid) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return BadMessage();
  const json::object& object = value.get_object();
  const json::string* const event = FindText(object, "event");
  const json::string* const sid = FindText(object, "streamSid");
  if (event == nullptr || sid == nullptr || *sid != stream_sid) return BadMessage();

  StreamCommand command;
  if (*event == "clear") return command;
  if (*event == "mark") {
    const json::string* const name = FindText(object, "mark", "name");
    if (name == nullptr) return BadMessage();
    command.kind = StreamCommand::Kind::kMark;
    command.mark = name->c_str();
    return command;
  }
  const json::string* const payload = FindText(object, "media", "payload");
  if (*event != "media" || payload == nullptr) return BadMessage();
  std::optional<std::vector<uint8_t>> audio = DecodeBase64(*payload);
  if (!audio) return BadMessage();
  command.kind = StreamCommand::Kind::kMedia;
  command.audio = *std::move(audio);
  return command;
}

}  // namespace latchkey::sandbox::twilio
