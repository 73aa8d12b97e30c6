// TwilioFixture: a sandbox whose Twilio stand-in calls a fake media, all over TLS in real time.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/carrier/twilio/request_signature.h"
#include "sandbox/wiring.h"
#include "tests/integration/sandbox/fake_media.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {

class TwilioFixture : public ::testing::Test {
 protected:
  static constexpr char kAccount[] = "/2010-04-01/Accounts/AC00000000000000000000000000000001";
  static constexpr char kNumber[] = "/IncomingPhoneNumbers/PN00000000000000000000014155550100.json";

  TwilioFixture();
  ~TwilioFixture() override;

  // The scenario with a change, from its beginning.
  void Play(void (*change)(Scenario& scenario));

  std::string MediaUrl(std::string_view scheme, std::string_view path) const {
    return fmt::format("{}://localhost:{}{}", scheme, media_server_->port(), path);
  }
  // Performs a request with the account's credentials; status 0 when no answer came.
  http::Response Ask(std::string method, std::string_view path, const http::Form& form = {});
  http::Response AskJson(std::string_view path, std::string body);

  // Places a call that streams to the fake media, and returns its resource's path.
  std::string Place(std::string to);

  void RunUntil(bool (*done)(const FakeMedia&));
  static bool CallIsOver(const FakeMedia& media) {
    return !media.callbacks.empty() && media.callbacks.back().form.Has("CallDuration");
  }

  boost::json::value JudgedCall() {
    return boost::json::parse(Ask("GET", "/sandbox/calls").body).at(0);
  }
  std::vector<std::string> CallbackStatuses() const;

  boost::asio::io_context io_{1};
  Pki pki_;
  FakeMedia media_;
  Workers workers_{1};
  SpeechEngines ears_{workers_};
  std::unique_ptr<http::Server> media_server_;
  std::unique_ptr<http::TlsContext> client_tls_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<Sandbox> sandbox_;

 private:
  Task<void> PollUntil(bool (*done)(const FakeMedia&));
  http::Response Send(http::Request request);
};

}  // namespace latchkey::sandbox
