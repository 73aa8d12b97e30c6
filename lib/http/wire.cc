#include "lib/http/wire.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <cerrno>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::http {

namespace asio = boost::asio;
using boost::system::error_code;

// OpenSSL's own socket BIO would raise SIGPIPE and hide whether the socket is empty.
int Wire::BioWrite(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto* wire = static_cast<const Wire*>(BIO_get_data(bio));
  const ssize_t sent = ::send(wire->socket_, data, static_cast<size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && errno == EAGAIN) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int Wire::BioRead(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  auto* wire = static_cast<Wire*>(BIO_get_data(bio));
  const ssize_t got = ::recv(wire->socket_, data, static_cast<size_t>(size), 0);
  wire->drained_ = got != 0 && got < size;
  if (got < 0 && errno == EAGAIN) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

BIO_METHOD* Wire::Method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "latchkey socket");
    BIO_meth_set_write(made, BioWrite);
    BIO_meth_set_read(made, BioRead);
    BIO_meth_set_ctrl(made, [](BIO*, int command, long, void*) -> long {
      return command == BIO_CTRL_FLUSH ? 1 : 0;
    });
    return made;
  }();
  return method;
}

void Wire::MakeSsl(const TlsContext& tls) {
  ssl_.reset(SSL_new(tls.native()));
  BIO* bio = BIO_new(Method());
  Check(ssl_ != nullptr && bio != nullptr, "OpenSSL has memory for a connection");
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

void Wire::StartTlsClient(const TlsContext& tls, const std::string& host) {
  MakeSsl(tls);
  SSL_set_connect_state(ssl_.get());
  host_ = host;
  bound_keys_only_ = tls.bound_keys_only();
  error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str());
    return;
  }
  SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
  SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_set1_host(ssl_.get(), host.c_str());
}

void Wire::StartTlsServer(const TlsContext& tls) {
  MakeSsl(tls);
  SSL_set_accept_state(ssl_.get());
}

void Wire::Adopt(Wire& other) {
  ssl_ = std::move(other.ssl_);
  host_ = std::move(other.host_);
  bound_keys_only_ = other.bound_keys_only_;
  drained_ = false;
  if (ssl_) BIO_set_data(SSL_get_rbio(ssl_.get()), this);
}

error_code Wire::SslError(int result) {
  failure_ = SSL_get_error(ssl_.get(), result);
  switch (failure_) {
    case SSL_ERROR_WANT_READ:
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
      return asio::error::try_again;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    case SSL_ERROR_SYSCALL:
      return asio::error::connection_reset;
    default:
      return asio::error::connection_aborted;
  }
}

error_code Wire::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? error_code() : SslError(result);
}

absl::Status Wire::HandshakeFailure() const {
  if (failure_ != SSL_ERROR_SSL) {
    return Error(absl::StatusCode::kUnavailable, "unreachable",
                 "The connection broke during the TLS handshake. Try again.");
  }
  const long verdict = SSL_get_verify_result(ssl_.get());
  const char* why = ERR_reason_error_string(ERR_peek_error());
  if (verdict != X509_V_OK) why = X509_verify_cert_error_string(verdict);
  return Error(absl::StatusCode::kUnavailable, "tls_failed",
               fmt::format("The TLS handshake failed: {}.", why ? why : "protocol error"));
}

error_code Wire::Read(void* data, size_t size, size_t& done) {
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), data, size, &done);
    return result == 1 ? error_code() : SslError(result);
  }
  const ssize_t got = ::recv(socket_, data, size, 0);
  if (got == 0) return asio::error::eof;
  if (got < 0 && errno == EAGAIN) return asio::error::would_block;
  if (got < 0) return {errno, boost::system::system_category()};
  done = static_cast<size_t>(got);
  drained_ = done < size;
  return {};
}

error_code Wire::Write(const void* data, size_t size, size_t& done) {
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), data, size, &done);
    return result == 1 ? error_code() : SslError(result);
  }
  const ssize_t sent = ::send(socket_, data, size, MSG_NOSIGNAL);
  if (sent < 0 && errno == EAGAIN) return asio::error::try_again;
  if (sent < 0) return {errno, boost::system::system_category()};
  done = static_cast<size_t>(sent);
  return {};
}

std::string Wire::VerifiedHost() const {
  const bool verified = ssl_ && SSL_is_init_finished(ssl_.get()) == 1 &&
                        (SSL_get_verify_mode(ssl_.get()) & SSL_VERIFY_PEER) != 0 &&
                        SSL_get_verify_result(ssl_.get()) == X509_V_OK;
  return verified ? host_ : std::string();
}

void Wire::SayGoodbye() {
  if (!ssl_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

bool Wire::Alive() {
  char byte = 0;
  if (!ssl_) return ::recv(socket_, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN;
  ERR_clear_error();
  const int result = SSL_peek(ssl_.get(), &byte, 1);
  return result <= 0 && SslError(result) == asio::error::would_block;
}

bool Wire::KnownEmpty() const { return drained_ && !(ssl_ && SSL_has_pending(ssl_.get()) == 1); }

}  // namespace latchkey::http
