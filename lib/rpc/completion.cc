#include "lib/rpc/completion.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <memory>
#include <utility>

namespace latchkey::rpc {
namespace asio = boost::asio;
namespace {

// The suspended coroutine, waiting in a completion queue.
template <typename Handler>
class Waiter final : public Tag {
 public:
  // Counts as work of the io context: it must not end while gRPC holds the coroutine.
  explicit Waiter(Handler handler)
      : executor_(asio::prefer(asio::get_associated_executor(handler),
                               asio::execution::outstanding_work.tracked)),
        handler_(std::move(handler)) {}

  // The work is given back on the io thread, with the posted function: here it would race with the
  // end of the io context.
  void OnEvent(bool ok) override {
    const asio::any_io_executor executor =
        asio::prefer(executor_, asio::execution::outstanding_work.untracked);
    auto resume = [handler = std::move(handler_), work = std::move(executor_), ok]() mutable {
      std::move(handler)(ok);
    };
    asio::post(executor, std::move(resume));
    delete this;
  }

 private:
  asio::any_io_executor executor_;
  Handler handler_;
};

struct Initiate {
  template <typename Handler>
  void operator()(Handler handler, std::function<void(void*)> start,
                  std::function<void()> cancel) const {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected() && cancel) {
      slot.assign([cancel = std::move(cancel)](asio::cancellation_type) { cancel(); });
    }
    Tag* const tag = new Waiter<Handler>(std::move(handler));  // OnEvent() deletes it.
    start(tag);
  }
};

}  // namespace

Task<bool> Complete(std::function<void(void*)> start, std::function<void()> cancel) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(
      Initiate{}, asio::use_awaitable, std::move(start), std::move(cancel));
}

}  // namespace latchkey::rpc
