// Task: what every coroutine of ours returns.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace latchkey {

// A coroutine that starts when it is awaited, on the io thread of whoever awaits it.
// An adapter may also make one on another thread and hand it to Spawn.
template <typename T>
using Task = boost::asio::awaitable<T>;

}  // namespace latchkey
