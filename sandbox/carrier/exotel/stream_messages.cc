#include "sandbox/carrier/exotel/stream_messages.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "lib/base/error.h"
#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox::exotel {
namespace {

namespace json = boost::json;
using Case = ExotelQuirks::Case;
using Numbers = ExotelQuirks::Numbers;

std::string Quoted(std::string_view text) { return json::serialize(json::string(text)); }

absl::Status BadMessage() {
  return Error(absl::StatusCode::kInvalidArgument, "bad_stream_message",
               "Exotel takes media, mark and clear, and nothing else.");
}

const json::string* FindText(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_string();
}

const json::string* FindText(const json::object& object, std::string_view outer,
                             std::string_view inner) {
  const json::value* value = object.if_contains(outer);
  if (value == nullptr || !value->is_object()) return nullptr;
  return FindText(value->get_object(), inner);
}

std::string_view BitRate(int sample_rate) {
  if (sample_rate == 8000) return "128kbps";
  return sample_rate == 16'000 ? "256kbps" : "384kbps";
}

}  // namespace

bool StreamMessages::camel(bool in_start) const {
  return quirks_.key_case == Case::kCamel || (in_start && quirks_.key_case == Case::kMixed);
}

std::string StreamMessages::Number(int64_t number, bool text_if_mixed) const {
  const bool text =
      quirks_.numbers == Numbers::kText || (quirks_.numbers == Numbers::kMixed && text_if_mixed);
  return text ? fmt::format("\"{}\"", number) : fmt::to_string(number);
}

std::string StreamMessages::Head(std::string_view event, bool camel) {
  return fmt::format(R"({{"event":"{}","{}":{},"{}":"{}",)", event,
                     camel ? "sequenceNumber" : "sequence_number", Number(++sequence_, true),
                     camel ? "streamSid" : "stream_sid", facts_.stream_sid);
}

std::string StreamMessages::Connected() const { return R"({"event":"connected"})"; }

std::string StreamMessages::Start(const StreamUrl& url) {
  const bool camels = camel(true);
  json::object custom;
  for (const auto& [name, value] : url.parameters) custom[name] = value;
  std::string ids;
  if (!quirks_.ids_at_top_only) {
    ids = fmt::format(R"("{}":"{}","{}":"{}","{}":"{}",)", camels ? "streamSid" : "stream_sid",
                      facts_.stream_sid, camels ? "callSid" : "call_sid", facts_.call_sid,
                      camels ? "accountSid" : "account_sid", facts_.account_sid);
  }
  const std::string rate =
      quirks_.sample_rate.empty() ? Number(facts_.sample_rate, false) : Quoted(quirks_.sample_rate);
  std::string top = Head("start", camels);
  if (quirks_.ids_at_top_only) {
    top += fmt::format(R"("{}":"{}","{}":"{}",)", camels ? "callSid" : "call_sid", facts_.call_sid,
                       camels ? "accountSid" : "account_sid", facts_.account_sid);
  }
  return top + fmt::format(R"("start":{{{}"from":{},"to":{},"{}":{},"{}":{{"encoding":{},)"
                           R"("{}":{},"{}":"{}"}}}}}})",
                           ids, Quoted(facts_.from), Quoted(facts_.to),
                           camels ? "customParameters" : "custom_parameters",
                           json::serialize(custom), camels ? "mediaFormat" : "media_format",
                           Quoted(quirks_.encoding), camels ? "sampleRate" : "sample_rate", rate,
                           camels ? "bitRate" : "bit_rate", BitRate(facts_.sample_rate));
}

std::string StreamMessages::Media(std::span<const uint8_t> pcm) {
  ++chunk_;
  bytes_ += static_cast<int64_t>(pcm.size());
  const int64_t timestamp_ms = bytes_ * 1000 / (2 * facts_.sample_rate);
  return Head("media", camel(false)) +
         fmt::format(R"("media":{{"chunk":{},"timestamp":{},"payload":"{}"}}}})",
                     Number(chunk_, false), Number(timestamp_ms, true), EncodeBase64(pcm));
}

std::string StreamMessages::Mark(std::string_view name) {
  return Head("mark", camel(false)) + fmt::format(R"("mark":{{"name":{}}}}})", Quoted(name));
}

std::string StreamMessages::Dtmf(std::string_view digit) {
  constexpr int kToneMs = 100;
  return Head("dtmf", camel(false)) + fmt::format(R"("dtmf":{{"digit":{},"duration":{}}}}})",
                                                  Quoted(digit), Number(kToneMs, true));
}

std::string StreamMessages::Stop(std::string_view reason) {
  const bool camels = camel(false);
  return Head("stop", camels) + fmt::format(R"("stop":{{"{}":"{}","{}":"{}","reason":"{}"}}}})",
                                            camels ? "callSid" : "call_sid", facts_.call_sid,
                                            camels ? "accountSid" : "account_sid",
                                            facts_.account_sid, reason);
}

absl::StatusOr<StreamCommand> ParseStreamCommand(std::string_view text) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return BadMessage();
  const json::object& object = value.get_object();
  const json::string* const event = FindText(object, "event");
  if (event == nullptr) return BadMessage();
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

}  // namespace latchkey::sandbox::exotel
