#include "lib/rpc/server_credentials.h"

#include <grpc/grpc.h>
#include <grpc/slice.h>

#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::rpc {
namespace {

std::string_view TextOf(const grpc_slice& slice) {
  return {reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice)};
}

std::string_view PathOf(const grpc_metadata* metadata, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (TextOf(metadata[i].key) == ":path") return TextOf(metadata[i].value);
  }
  return "";
}

std::vector<std::string> SpiffeIdsOf(const grpc_auth_context* context) {
  std::vector<std::string> ids;
  grpc_auth_property_iterator found =
      grpc_auth_context_find_properties_by_name(context, GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  while (const grpc_auth_property* id = grpc_auth_property_iterator_next(&found)) {
    ids.emplace_back(id->value, id->value_length);
  }
  return ids;
}

grpc_server_credentials* MakeCredentials(grpc_ssl_server_certificate_config_callback fetch,
                                         void* self) {
  grpc_server_credentials* const made = grpc_ssl_server_credentials_create_with_options(
      grpc_ssl_server_credentials_create_options_using_config_fetcher(
          GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, fetch, self));
  Check(made != nullptr, "gRPC makes credentials that ask for their certificate");
  return made;
}

}  // namespace

ServerTls::ServerTls(TlsIdentity identity, std::unique_ptr<Authorizer> authorizer)
    : authorizer_(std::move(authorizer)),
      identity_(std::move(identity)),
      credentials_(MakeCredentials(&ServerTls::Fetch, this)) {
  Check(authorizer_ != nullptr, "no server lets everybody in");
  grpc_auth_metadata_processor processor{};
  processor.process = &ServerTls::Authorize;
  processor.state = this;
  grpc_server_credentials_set_auth_metadata_processor(credentials_, processor);
}

ServerTls::~ServerTls() { grpc_server_credentials_release(credentials_); }

void ServerTls::Renew(TlsIdentity identity) {
  const std::lock_guard lock(mutex_);
  identity_ = std::move(identity);
  renewed_ = true;
}

void ServerTls::SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) {
  Check(false, "the authorizer was given at construction");
}

int ServerTls::AddPortToServer(const std::string& address, grpc_server* server) {
  return grpc_server_add_http2_port(server, address.c_str(), credentials_);
}

grpc_ssl_certificate_config_reload_status ServerTls::Fetch(
    void* self, grpc_ssl_server_certificate_config** next) {
  ServerTls& tls = *static_cast<ServerTls*>(self);
  const std::lock_guard lock(tls.mutex_);
  if (!tls.renewed_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const grpc_ssl_pem_key_cert_pair pair = {tls.identity_.key_pem.c_str(),
                                           tls.identity_.cert_pem.c_str()};
  *next = grpc_ssl_server_certificate_config_create(tls.identity_.ca_pem.c_str(), &pair, 1);
  if (*next == nullptr) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_FAIL;
  tls.renewed_ = false;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

void ServerTls::Authorize(void* self, grpc_auth_context* context, const grpc_metadata* metadata,
                          size_t count, grpc_process_auth_metadata_done_cb done, void* call) {
  const absl::Status allowed = static_cast<ServerTls*>(self)->authorizer_->Check(
      PathOf(metadata, count), SpiffeIdsOf(context));
  const auto code = static_cast<grpc_status_code>(allowed.raw_code());
  const std::string message = Message(allowed);
  done(call, nullptr, 0, nullptr, 0, code, message.c_str());
}

}  // namespace latchkey::rpc
