// DeepgramFixture: speaks to the stand-in of Deepgram as a client of the API does.
#pragma once

#include <algorithm>

#include "lib/base/deadline.h"
#include "tests/integration/sandbox/providers_fixture.h"

namespace latchkey::sandbox {

namespace json = boost::json;

// Spoken without a pause of 300 ms, so that it is one utterance.
inline constexpr char kLine[] = "No, that is all. Thank you and goodbye!";

// A WAV file of silence: PCM, 16 bit, 8000 Hz (as in the validator's probe).
inline std::string SilentWav(size_t samples) {
  const auto little = [](size_t value, size_t bytes) {
    std::string text;
    for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
  };
  const size_t size = samples * 2;
  return "RIFF" + little(36 + size, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) +
         little(8000, 4) + little(16000, 4) + little(2, 2) + little(16, 2) + "data" +
         little(size, 4) + std::string(size, '\0');
}

inline std::vector<std::string> TypesOf(const std::vector<json::value>& messages) {
  std::vector<std::string> types;
  for (const json::value& message : messages) types.push_back(TextAt(message, "/type"));
  return types;
}

inline std::vector<json::value> FinalsOf(const std::vector<json::value>& messages) {
  std::vector<json::value> finals;
  for (const json::value& message : messages) {
    const json::value* is_final = message.as_object().if_contains("is_final");
    if (is_final && *is_final == true) finals.push_back(message);
  }
  return finals;
}

inline std::string TranscriptOf(const std::vector<json::value>& messages) {
  std::string text;
  for (const json::value& message : messages) {
    const json::value* is_final = message.as_object().if_contains("is_final");
    if (is_final && *is_final == true)
      text += TextAt(message, "/channel/alternatives/0/transcript");
  }
  return text;
}

class DeepgramFixture : public ProvidersFixture {
 protected:
  absl::StatusOr<http::Response> Listen(std::string body, const Secret& key) {
    http::Request request("POST", UrlOf("/v1/listen", {{"model", "nova-3"}}));
    request.headers.Set("content-type", "audio/wav");
    request.body = std::move(body);
    request.secret = http::SecretHeader::Token(key);
    return Send(request);
  }

  absl::StatusOr<std::unique_ptr<http::Websocket>> Open(const Secret& key) {
    const http::Url url = UrlOf("/v1/listen", {{"model", "nova-3"},
                                               {"encoding", "mulaw"},
                                               {"sample_rate", "8000"},
                                               {"interim_results", "true"},
                                               {"endpointing", "300"},
                                               {"utterance_end_ms", "1000"},
                                               {"vad_events", "true"}});
    return Connect(url, http::SecretHeader::Token(key));
  }

  void Hear(http::Websocket& websocket, const std::vector<uint8_t>& audio) {
    for (size_t at = 0; at < audio.size(); at += 480) {
      const size_t size = std::min<size_t>(480, audio.size() - at);
      const std::string_view piece(reinterpret_cast<const char*>(audio.data()) + at, size);
      ASSERT_THAT(Await(io_, websocket.WriteBinary(piece)), IsOk());
    }
  }
  void Hear(http::Websocket& websocket, std::string_view sentence) {
    Hear(websocket, Spoken("rms", sentence));
    Hear(websocket, std::vector<uint8_t>(8000, uint8_t{0xFF}));
  }
  // Everything until the first final.
  std::vector<json::value> ReadUntilFinal(http::Websocket& websocket) {
    std::vector<json::value> messages;
    do {
      json::value message = Read(websocket);
      if (message.is_null()) break;
      messages.push_back(std::move(message));
    } while (FinalsOf(messages).empty());
    return messages;
  }
  void Say(http::Websocket& websocket, std::string_view text) {
    ASSERT_THAT(Await(io_, websocket.WriteText(text)), IsOk());
  }
};

}  // namespace latchkey::sandbox
