// Wire: the bytes of one socket, through TLS or not. Never waits: it says what to wait for.
#pragma once

#include <openssl/ssl.h>

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "lib/http/tls.h"

namespace latchkey::http {

// Errors: asio::error::would_block (wait until readable), try_again (until writable), eof, and
// whatever broke the connection. Does not own the socket.
class Wire {
 public:
  explicit Wire(int socket) : socket_(socket) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // From here on, all bytes pass through TLS. The client wants the certificate of `host`.
  void StartTlsClient(const TlsContext& tls, const std::string& host);
  void StartTlsServer(const TlsContext& tls);

  // One step of the handshake; no error: it is done.
  boost::system::error_code Handshake();
  // Why Handshake failed: kUnavailable `tls_failed` or `unreachable`.
  absl::Status HandshakeFailure() const;

  boost::system::error_code Read(void* data, size_t size, size_t& done);
  boost::system::error_code Write(const void* data, size_t size, size_t& done);
  // The host whose certificate the other side has shown, and OpenSSL has found good; "" without
  // TLS, before the handshake's end, and on a server's side.
  std::string VerifiedHost() const;
  // Whether TlsContext::RequireBoundKeys was asked for.
  bool bound_keys_only() const { return bound_keys_only_; }

  // Sends close_notify, if that is possible at once.
  void SayGoodbye();

  // False when the other side has closed, or has sent what nobody asked for.
  bool Alive();

  // True when a Read now would only learn that there is nothing.
  bool KnownEmpty() const;

  // Goes on with the TLS session that `other` had on the same socket.
  void Adopt(Wire& other);

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  static int BioRead(BIO* bio, char* data, int size);
  static int BioWrite(BIO* bio, const char* data, int size);
  static BIO_METHOD* Method();

  void MakeSsl(const TlsContext& tls);
  boost::system::error_code SslError(int result);

  int socket_;
  bool drained_ = false;  // The last recv emptied the socket's buffer.
  bool bound_keys_only_ = false;
  std::string host_;  // What the client wants the certificate of.
  int failure_ = 0;   // What SSL_get_error said when the handshake failed.
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace latchkey::http
