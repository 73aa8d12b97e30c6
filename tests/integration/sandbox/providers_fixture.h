// ProvidersFixture: the stand-ins of Anthropic, Deepgram and Cartesia, spoken to over TLS.
#pragma once

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/http/client.h"
#include "lib/http/server.h"
#include "lib/http/websocket.h"
#include "lib/secret/secret.h"
#include "sandbox/providers/anthropic.h"
#include "sandbox/providers/cartesia.h"
#include "sandbox/providers/deepgram.h"
#include "sandbox/providers/model_lists.h"
#include "sandbox/providers/openai.h"
#include "sandbox/router.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"
#include "tests/support/await.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {

// One scenario with the keys "good", "busy" (429) and "unfunded"; replies without delay;
// fingerprints for STT.
class ProvidersFixture : public ::testing::Test {
 protected:
  ProvidersFixture();
  ~ProvidersFixture() override;

  http::Url UrlOf(std::string_view path, const http::Form& query = {}) const;
  // A request with what every one of Anthropic's and Cartesia's needs.
  http::Request Post(std::string_view path, std::string body, const Secret& key) const;
  absl::StatusOr<http::Response> Send(const http::Request& request) {
    return Await(io_, client_->Send(request, limits_));
  }
  absl::StatusOr<std::unique_ptr<http::Websocket>> Connect(const http::Url& url,
                                                           const http::SecretHeader& key);
  // What the stand-ins say for `text`: the synthesizer keeps it, so these are the very samples.
  std::vector<uint8_t> Spoken(std::string voice, std::string_view text);
  // The next text message, parsed; null when the connection has ended.
  boost::json::value Read(http::Websocket& websocket);
  // All messages until the connection ends.
  std::vector<boost::json::value> ReadAll(http::Websocket& websocket);
  // All messages until one of this type, which is the last.
  std::vector<boost::json::value> ReadUntil(http::Websocket& websocket, std::string_view type);
  // Goes on with other quirks, and whatever else `change` does to the scenario.
  void Change(const std::function<void(Scenario&)>& change);
  void Arm(Provider provider, Fault::Moment moment, Fault::Kind kind, int status = 500);

  boost::asio::io_context io_{1};
  SystemClock clock_;
  Stage stage_;
  Workers workers_{1};
  SpeechEngines speech_{workers_};
  AnthropicProvider anthropic_{clock_, stage_};
  DeepgramProvider deepgram_{io_.get_executor(), clock_, stage_, speech_};
  CartesiaProvider cartesia_{io_.get_executor(), clock_, stage_, speech_};
  OpenaiProvider openai_{io_.get_executor(), clock_, stage_, speech_};
  ModelLists model_lists_{anthropic_, openai_};
  Router router_;
  std::unique_ptr<http::Server> server_;
  absl::StatusOr<http::TlsContext> tls_;
  std::unique_ptr<http::Client> client_;
  http::Limits limits_;
  const Secret good_{std::string_view("good")};
  const Secret busy_{std::string_view("busy")};
  const Secret unfunded_{std::string_view("unfunded")};
  const Secret unknown_{std::string_view("unknown")};
};

// A text field of a message, or "".
std::string TextAt(const boost::json::value& message, std::string_view pointer);

}  // namespace latchkey::sandbox
