#include "lib/http/transport.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <optional>

#include "lib/base/check.h"
#include "lib/base/deadline.h"
#include "lib/http/request_head.h"
#include "lib/http/wire.h"

namespace latchkey::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr size_t kScratchBytes = 16 * 1024;  // A TLS record's most: RFC 8446, 5.1.

bool MustWait(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

struct Transport::State : std::enable_shared_from_this<State> {
  // Handlers change hands by swap: Boost 1.81's move assignment of them calls itself for ever.
  struct Pending {
    // By swapping: in Boost 1.81, an any_completion_handler that is assigned to wraps itself.
    Handler Take() {
      Handler taken;
      taken.swap(handler);
      return taken;
    }

    Handler handler;
    char* data = nullptr;
    size_t size = 0;
  };

  State(tcp::socket connected, absl::Duration limit)
      : socket(std::move(connected)),
        wire(socket.native_handle()),
        write_limit(limit),
        write_timer(socket.get_executor()) {}

  void WaitReadable();
  void WaitWritable();
  void OnReadable();
  void OnWritable();
  void FinishWrite(const error_code& error, size_t done);
  void Park(Pending& pending, Handler handler, const void* data, size_t size);
  void Resume(Pending& pending, const error_code& error, size_t done);
  static Handler Take(Handler& handler);  // Leaves none behind.
  void Post(Handler handler, const error_code& error, size_t done);
  void LimitWrite();
  void Close(const error_code& write_error);
  bool MayTakeKey() const;

  tcp::socket socket;
  Wire wire;
  absl::Duration write_limit;
  asio::steady_timer write_timer;  // Runs only while a write is blocked.
  Pending read, write;
  std::string spill;  // What a blocked write still has to send, if it lay in the scratch.
  std::optional<SecretHeader> header;  // Joins the next write.
  std::optional<RequestHead> head;     // Being written in place of the caller's bytes.
  size_t replaced_size = 0;            // How many bytes of the caller's it stands for.
  bool closed = false;
};

Transport::Handler Transport::State::Take(Handler& handler) {
  Handler taken;
  taken.swap(handler);
  return taken;
}

void Transport::State::Post(Handler handler, const error_code& error, size_t done) {
  asio::post(socket.get_executor(), [handler = std::move(handler), error, done]() mutable {
    std::move(handler)(error, done);
  });
}

void Transport::State::Park(Pending& pending, Handler handler, const void* data, size_t size) {
  Check(!pending.handler, "one read and one write at a time");
  pending.handler.swap(handler);  // Boost 1.81's move assignment calls itself for ever.
  pending.data = static_cast<char*>(const_cast<void*>(data));
  pending.size = size;
  asio::cancellation_slot slot = asio::get_associated_cancellation_slot(pending.handler);
  if (!slot.is_connected()) return;
  slot.assign([weak = weak_from_this()](asio::cancellation_type) {
    if (const auto self = weak.lock()) self->Close(asio::error::operation_aborted);
  });
}

void Transport::State::Resume(Pending& pending, const error_code& error, size_t done) {
  asio::cancellation_slot slot = asio::get_associated_cancellation_slot(pending.handler);
  if (slot.is_connected()) slot.clear();
  Handler handler = Take(pending.handler);
  std::move(handler)(error, done);
}

void Transport::State::WaitReadable() {
  socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code&) {
    if (!self->closed) self->OnReadable();
  });
}

void Transport::State::WaitWritable() {
  socket.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const error_code&) {
    if (!self->closed) self->OnWritable();
  });
}

void Transport::State::OnReadable() {
  size_t done = 0;
  const error_code error = wire.Read(read.data, read.size, done);
  if (MustWait(error)) return WaitReadable();
  Resume(read, error, done);
}

void Transport::State::OnWritable() {
  while (true) {
    size_t done = 0;
    const error_code error = wire.Write(write.data, write.size, done);
    if (MustWait(error)) return WaitWritable();
    if (error) return FinishWrite(error, 0);
    // A head that holds a key is written whole, since the caller does not know its size.
    if (!head) return FinishWrite(error, done);
    if (done == write.size) return FinishWrite(error, replaced_size);
    write.data += done;
    write.size -= done;
  }
}

void Transport::State::FinishWrite(const error_code& error, size_t done) {
  write_timer.cancel();
  head.reset();
  Resume(write, error, done);
}

void Transport::State::LimitWrite() {
  write_timer.expires_after(absl::ToChronoNanoseconds(write_limit));
  write_timer.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled && self->write.handler) self->Close(asio::error::timed_out);
  });
}

// What the URL says is checked before; this looks at who has really answered.
bool Transport::State::MayTakeKey() const {
  const std::string host = wire.VerifiedHost();
  return !host.empty() && header->MayGoTo(host, wire.bound_keys_only());
}

void Transport::State::Close(const error_code& write_error) {
  if (closed) return;
  closed = true;
  write_timer.cancel();
  error_code ignored;
  socket.close(ignored);
  head.reset();
  header.reset();
  if (read.handler) {
    Post(Take(read.handler), asio::error::operation_aborted, 0);
  }
  if (write.handler) Post(Take(write.handler), write_error, 0);
}

Transport::Transport(tcp::socket socket, absl::Duration write_limit)
    : state_(std::make_shared<State>(std::move(socket), write_limit)) {
  error_code ignored;
  state_->socket.native_non_blocking(true, ignored);
  state_->socket.set_option(tcp::no_delay(true), ignored);
}

Transport::Transport(std::shared_ptr<State> state) : state_(std::move(state)) {}
Transport::Transport(Transport&&) noexcept = default;
Transport& Transport::operator=(Transport&&) noexcept = default;

Transport::~Transport() {
  if (state_) Close();
}

void Transport::StartRead(asio::mutable_buffer buffer, Handler handler) {
  State& state = *state_;
  if (state.closed) return state.Post(std::move(handler), asio::error::operation_aborted, 0);
  if (buffer.size() == 0) return state.Post(std::move(handler), {}, 0);
  if (!state.wire.KnownEmpty()) {
    size_t done = 0;
    const error_code error = state.wire.Read(buffer.data(), buffer.size(), done);
    if (!MustWait(error)) return state.Post(std::move(handler), error, done);
  }
  state.Park(state.read, std::move(handler), buffer.data(), buffer.size());
  state.WaitReadable();
}

void Transport::StartWrite(asio::const_buffer buffer, Handler handler) {
  State& state = *state_;
  if (state.closed) return state.Post(std::move(handler), asio::error::operation_aborted, 0);
  if (buffer.size() == 0) return state.Post(std::move(handler), {}, 0);
  if (state.header) {
    if (!state.MayTakeKey()) {
      state.header.reset();
      return state.Post(std::move(handler), asio::error::access_denied, 0);
    }
    const std::string_view plain(static_cast<const char*>(buffer.data()), buffer.size());
    state.head.emplace(plain, *state.header);
    state.header.reset();
    state.replaced_size = plain.size();
    state.Park(state.write, std::move(handler), state.head->bytes().data(),
               state.head->bytes().size());
    state.LimitWrite();
    return state.WaitWritable();
  }
  size_t done = 0;
  const error_code error = state.wire.Write(buffer.data(), buffer.size(), done);
  if (!MustWait(error)) return state.Post(std::move(handler), error, done);
  if (buffer.data() == Scratch().data()) {
    state.spill.assign(static_cast<const char*>(buffer.data()), buffer.size());
    buffer = asio::const_buffer(state.spill.data(), state.spill.size());
  }
  state.Park(state.write, std::move(handler), buffer.data(), buffer.size());
  state.LimitWrite();
  state.WaitWritable();
}

asio::mutable_buffer Transport::Scratch() {
  thread_local std::array<char, kScratchBytes> scratch;
  return {scratch.data(), scratch.size()};
}

Task<absl::Status> Transport::ConnectTls(const TlsContext& tls, const std::string& host) {
  state_->wire.StartTlsClient(tls, host);
  co_return co_await Handshake();
}

Task<absl::Status> Transport::AcceptTls(const TlsContext& tls) {
  state_->wire.StartTlsServer(tls);
  co_return co_await Handshake();
}

Task<absl::Status> Transport::Handshake() {
  const std::shared_ptr<State> state = state_;
  while (!state->closed) {
    const error_code step = state->wire.Handshake();
    if (!step) co_return absl::OkStatus();
    if (!MustWait(step)) co_return state->wire.HandshakeFailure();
    const auto what =
        step == asio::error::would_block ? tcp::socket::wait_read : tcp::socket::wait_write;
    error_code error;
    co_await state->socket.async_wait(what, asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
  }
  co_return CancelledError();
}

void Transport::AddToNextWrite(const SecretHeader& header) { state_->header.emplace(header); }

Transport Transport::MoveTo(const Executor& executor) && {
  State& old = *state_;
  Check(!old.read.handler && !old.write.handler, "nothing is pending on a moved connection");
  error_code ignored;
  const tcp protocol = old.socket.local_endpoint(ignored).protocol();
  tcp::socket socket(executor);
  socket.assign(protocol, old.socket.release(ignored), ignored);
  auto moved = std::make_shared<State>(std::move(socket), old.write_limit);
  moved->socket.native_non_blocking(true, ignored);
  moved->wire.Adopt(old.wire);
  old.closed = true;
  return Transport(std::move(moved));
}

bool Transport::Alive() { return !state_->closed && state_->wire.Alive(); }

void Transport::Close() { state_->Close(asio::error::operation_aborted); }

void Transport::Shutdown() {
  if (state_->closed) return;
  state_->wire.SayGoodbye();
  error_code ignored;
  state_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

std::string Transport::Peer() const {
  error_code ignored;
  const tcp::endpoint end = state_->socket.remote_endpoint(ignored);
  const std::string address = end.address().to_string();
  return end.address().is_v6() ? fmt::format("[{}]:{}", address, end.port())
                               : fmt::format("{}:{}", address, end.port());
}

Transport::executor_type Transport::get_executor() const { return state_->socket.get_executor(); }

void beast_close_socket(Transport& transport) { transport.Close(); }

void teardown(boost::beast::role_type, Transport& transport, error_code& error) {
  transport.Shutdown();
  error = {};
}

}  // namespace latchkey::http
