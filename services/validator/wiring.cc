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
  tls->RequireBoundKeys();
  return std::move(*tls);
}

http::Url BaseUrl(const Config& config, std::string_view setting) {
  absl::StatusOr<http::Url> url = http::Url::Parse(config.Text(setting));
  if (!url.ok()) rpc::Refuse(Message(url.status()));
  return std::move(*url);
}

// The only hosts that a key under probe is sent to.
provider::KeyHosts KeyHostsOf(const Config& config) {
  provider::KeyHosts hosts;
  hosts.Name(Provider::kAnthropic, BaseUrl(config, "anthropic-url").host());
  hosts.Name(Provider::kCartesia, BaseUrl(config, "cartesia-url").host());
  hosts.Name(Provider::kDeepgram, BaseUrl(config, "deepgram-url").host());
  hosts.Name(Provider::kExotel, BaseUrl(config, "exotel-url").host());
  hosts.Name(Provider::kExotel, BaseUrl(config, "exotel-in-url").host());
  hosts.Name(Provider::kOpenai, BaseUrl(config, "openai-url").host());
  hosts.Name(Provider::kTwilio, BaseUrl(config, "twilio-url").host());
  return hosts;
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : client_(host.io().get_executor(), ProviderTls(config)),
      anthropic_(client_, BaseUrl(config, "anthropic-url")),
      cartesia_(client_, BaseUrl(config, "cartesia-url")),
      deepgram_(client_, BaseUrl(config, "deepgram-url")),
      exotel_(client_, BaseUrl(config, "exotel-url"), BaseUrl(config, "exotel-in-url")),
      openai_(client_, ProviderTls(config), BaseUrl(config, "openai-url")),
      twilio_(client_, BaseUrl(config, "twilio-url")),
      validation_({{Provider::kAnthropic, &anthropic_},
                   {Provider::kCartesia, &cartesia_},
                   {Provider::kDeepgram, &deepgram_},
                   {Provider::kExotel, &exotel_},
                   {Provider::kOpenai, &openai_},
                   {Provider::kTwilio, &twilio_}}),
      grpc_(validation_, KeyHostsOf(config), host) {}

}  // namespace latchkey::validator
