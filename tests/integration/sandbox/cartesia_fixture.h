// CartesiaFixture: speaks to the stand-in of Cartesia as a client of the API does.
#pragma once

#include <fmt/format.h>
#include <algorithm>

#include "absl/strings/escaping.h"
#include "lib/base/error.h"
#include "tests/integration/sandbox/providers_fixture.h"

namespace latchkey::sandbox {

namespace json = boost::json;

inline constexpr char kFields[] =
    R"("model_id":"sonic-3.5","voice":"f786b574-daa5-4673-aa0c-cbe3e8534c02","language":"en",)"
    R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000})";

class CartesiaFixture : public ProvidersFixture {
 protected:
  absl::StatusOr<std::unique_ptr<http::Websocket>> Open(const Secret& key) {
    return Connect(UrlOf("/tts/websocket"), http::SecretHeader::Bearer(key));
  }
  void Speak(http::Websocket& websocket, std::string_view context, std::string_view text,
             bool more) {
    const std::string request =
        fmt::format(R"({{{},"context_id":"{}","transcript":"{}","continue":{},)"
                    R"("max_buffer_delay_ms":0,"add_timestamps":true}})",
                    kFields, context, text, more);
    ASSERT_THAT(Await(io_, websocket.WriteText(request)), IsOk());
  }
};

// The audio in the messages of a context.
inline std::vector<uint8_t> AudioOf(const std::vector<json::value>& messages) {
  std::vector<uint8_t> audio;
  for (const json::value& message : messages) {
    std::string bytes;
    EXPECT_TRUE(absl::Base64Unescape(TextAt(message, "/data"), &bytes));
    audio.insert(audio.end(), bytes.begin(), bytes.end());
  }
  return audio;
}

// Each type once for a run of messages that have it.
inline std::vector<std::string> TypeRunsOf(const std::vector<json::value>& messages) {
  std::vector<std::string> types;
  for (const json::value& message : messages) {
    const std::string type = TextAt(message, "/type");
    if (types.empty() || types.back() != type) types.push_back(type);
  }
  return types;
}

}  // namespace latchkey::sandbox
