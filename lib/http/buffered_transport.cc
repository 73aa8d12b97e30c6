#include "lib/http/buffered_transport.h"

#include <boost/asio/redirect_error.hpp>

namespace latchkey::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr size_t kReadBytes = 8 * 1024;

}  // namespace

Task<error_code> BufferedTransport::Fill() {
  const size_t before = input_.size();
  input_.resize(before + kReadBytes);
  error_code error;
  const size_t got =
      co_await transport_.async_read_some(asio::buffer(input_.data() + before, kReadBytes),
                                          asio::redirect_error(asio::use_awaitable, error));
  input_.resize(before + got);
  co_return error;
}

Task<error_code> BufferedTransport::Write(std::string_view bytes) {
  error_code error;
  while (!bytes.empty() && !error) {
    const size_t written =
        co_await transport_.async_write_some(asio::const_buffer(bytes.data(), bytes.size()),
                                             asio::redirect_error(asio::use_awaitable, error));
    bytes.remove_prefix(written);
  }
  co_return error;
}

void BufferedTransport::Consume(size_t bytes) {
  sodium_memzero(input_.data() + used_, bytes);
  used_ += bytes;
  if (used_ < input_.size()) return;
  input_.clear();
  used_ = 0;
}

}  // namespace latchkey::http
