#include "services/gateway/adapters/number_round.h"

#include <boost/asio/this_coro.hpp>
#include <boost/json/array.hpp>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/spawn.h"
#include "services/gateway/adapters/inbound_view.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace orch = orchestrator::v1;

// A key's reply does not wait longer for its numbers, since clients wait for half a minute; those
// that are left can be told one by one.
constexpr absl::Duration kAllMax = absl::Seconds(20);
// Telling of one is two requests to the carrier, which allows far more of them at a time.
constexpr int kAtATime = 8;
// Of 100 numbers each: more than can be told of in the time.
constexpr int kPagesMax = 20;

absl::Status NotReached() {
  return Error(absl::StatusCode::kDeadlineExceeded, reason::kNumberNotTold,
               "There was no time left for this number. Use POST /v1/numbers/{id}/configure.");
}

}  // namespace

Task<void> NumberRound::Run(Reply& reply) {
  until_ = clock_.Now() + kAllMax;
  const bool whole = co_await ListAll();
  co_await TellAll();
  json::array views;
  for (const Told& told : numbers_) {
    views.push_back(json::object{{"id", told.number_id}, {"inbound", InboundView(told.status)}});
  }
  if (!views.empty()) reply.body["numbers"] = std::move(views);
  if (!whole) reply.body["numbersLeft"] = true;
}

Task<bool> NumberRound::ListAll() {
  std::string page_token;
  for (int i = 0; i < kPagesMax; ++i) {
    absl::StatusOr<orch::ListNumbersResponse> page = co_await peers_.List(tenant_id_, page_token);
    if (!page.ok()) {
      log::Warn("numbers not told to their carrier",
                {{"tenant_id", tenant_id_}, {"error", page.status()}});
      co_return false;
    }
    for (const orch::Number& number : page->numbers()) {
      if (number.carrier() != carrier_ || number.platform_owned()) continue;
      numbers_.push_back({number.number_id(), NotReached()});
    }
    page_token = page->next_page_token();
    if (page_token.empty()) co_return true;
  }
  co_return false;
}

Task<void> NumberRound::TellAll() {
  const Executor executor = co_await boost::asio::this_coro::executor;
  // The round is joined even if whoever waits for it has gone.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  Group workers(executor);
  for (int i = 0; i < kAtATime; ++i) workers.Spawn("tell carrier of numbers", TellOneByOne());
  co_await workers.Join();
}

Task<void> NumberRound::TellOneByOne() {
  while (next_ < numbers_.size() && clock_.Now() < until_) {
    const size_t mine = next_++;
    absl::Status told = co_await peers_.Tell(tenant_id_, numbers_[mine].number_id);
    numbers_[mine].status = std::move(told);
  }
}

}  // namespace latchkey::gateway
