#include "services/validator/wiring.h"

#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/http/tls.h"
#include "lib/rpc/process.h"

namespace latchkey::validator {
namespace {

http::TlsContext ProviderTls(const Config& config) {
  absl::StatusOr<http::TlsContext> tls = http::TlsContext::ForClient(config.Text("provider-ca"));
  if (!tls.ok()) rpc::Refuse(Message(tls.status()));
  return std::move(*tls);
}

http::Url BaseUrl(const Config& config, std::string_view setting) {
  absl::StatusOr<http::Url> url = http::Url::Parse(config.Text(setting));
  if (!url.ok()) rpc::Refuse(Message(url.status()));
  return std::move(*url);
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : client_(host.io().get_executor(), ProviderTls(config)),
      anthropic_(client_, BaseUrl(config, "anthropic-url")),
      cartesia_(client_, BaseUrl(config, "cartesia-url")),
      deepgram_(client_, BaseUrl(config, "deepgram-url")),
      twilio_(client_, BaseUrl(config, "twilio-url")),
      validation_({{Provider::kAnthropic, &anthropic_},
                   {Provider::kCartesia, &cartesia_},
                   {Provider::kDeepgram, &deepgram_},
                   {Provider::kTwilio, &twilio_}}),
      grpc_(validation_, host) {}

}  // namespace latchkey::validator
