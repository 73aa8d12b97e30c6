// Transport: a TCP connection with or without TLS, as the stream that Beast reads and writes.
//
// One type for both, so that Beast is compiled once. OpenSSL works straight on the socket, without
// Asio's copies in between: an idle connection holds no buffers, and a frame costs two system
// calls.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/http/secret_header.h"
#include "lib/http/tls.h"

namespace latchkey::http {

// Lives on one io thread. One read and one write at a time. A cancelled read or write closes it.
class Transport {
 public:
  using executor_type = Executor;
  using Handler = boost::asio::any_completion_handler<void(boost::system::error_code, size_t)>;

  // Takes a connected socket. A write that the other side does not take for `write_limit` closes
  // the connection with asio::error::timed_out.
  Transport(boost::asio::ip::tcp::socket socket, absl::Duration write_limit);
  ~Transport();
  Transport(Transport&&) noexcept;
  Transport& operator=(Transport&&) noexcept;

  // The TLS handshakes. kUnavailable `tls_failed` says why; kUnavailable `unreachable` when the
  // connection broke. The client checks that the certificate is `host`'s (a name or an address).
  Task<absl::Status> ConnectTls(const TlsContext& tls, const std::string& host);
  Task<absl::Status> AcceptTls(const TlsContext& tls);

  // The next write is the head of a request: this header joins it at its end, in guarded memory,
  // just above TLS. If the verified peer is no host that the key is bound to, that write fails with
  // asio::error::access_denied and sends nothing.
  void AddToNextWrite(const SecretHeader& header);

  // The same connection on another io thread. Nothing may be pending.
  Transport MoveTo(const Executor& executor) &&;

  // False when the other side has closed a connection that was kept.
  bool Alive();

  // Closes at once; what is pending fails with operation_aborted.
  void Close();
  // Says goodbye (close_notify, FIN) without waiting for an answer.
  void Shutdown();

  std::string Peer() const;  // "127.0.0.1:51312"

  executor_type get_executor() const;

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, size_t)>(
        [](auto handler, Transport* self, boost::asio::mutable_buffer buffer) {
          self->StartRead(buffer, std::move(handler));
        },
        token, this, FirstOf(buffers));
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, size_t)>(
        [](auto handler, Transport* self, const Buffers& from) {
          self->StartWrite(self->Join(from), std::move(handler));
        },
        token, this, buffers);
  }

 private:
  struct State;
  explicit Transport(std::shared_ptr<State> state);
  Task<absl::Status> Handshake();

  template <typename Buffers>
  static boost::asio::mutable_buffer FirstOf(const Buffers& buffers) {
    for (auto it = boost::asio::buffer_sequence_begin(buffers);
         it != boost::asio::buffer_sequence_end(buffers); ++it) {
      const boost::asio::mutable_buffer buffer(*it);
      if (buffer.size() > 0) return buffer;
    }
    return {};
  }

  // A frame's header and its payload leave as one record: joined in the thread's scratch.
  template <typename Buffers>
  boost::asio::const_buffer Join(const Buffers& buffers) {
    boost::asio::const_buffer only;
    size_t used = 0;
    const boost::asio::mutable_buffer scratch = Scratch();
    for (auto it = boost::asio::buffer_sequence_begin(buffers);
         it != boost::asio::buffer_sequence_end(buffers); ++it) {
      const boost::asio::const_buffer part(*it);
      if (part.size() == 0) continue;
      if (used == 0 && only.size() == 0) {
        only = part;
        continue;
      }
      if (used == 0) used = boost::asio::buffer_copy(scratch, only);
      used += boost::asio::buffer_copy(scratch + used, part);
      if (used == scratch.size()) break;
    }
    return used == 0 ? only : boost::asio::const_buffer(scratch.data(), used);
  }
  static boost::asio::mutable_buffer Scratch();  // 16 KiB, a record's most.

  void StartRead(boost::asio::mutable_buffer buffer, Handler handler);
  void StartWrite(boost::asio::const_buffer buffer, Handler handler);

  std::shared_ptr<State> state_;  // Shared with the reactor's waits, which may end after it.
};

// Beast's hooks: how it closes a stream that it does not know.
void beast_close_socket(Transport& transport);
void teardown(boost::beast::role_type role, Transport& transport, boost::system::error_code& error);

template <typename TeardownHandler>
void async_teardown(boost::beast::role_type, Transport& transport, TeardownHandler&& handler) {
  transport.Shutdown();
  boost::asio::post(transport.get_executor(),
                    boost::beast::bind_front_handler(std::forward<TeardownHandler>(handler),
                                                     boost::system::error_code()));
}

}  // namespace latchkey::http
