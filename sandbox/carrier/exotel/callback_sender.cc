#include "sandbox/carrier/exotel/callback_sender.h"

#include <utility>

#include "lib/base/log.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr int kTries = 3;
constexpr int kRetryGrowth = 3;  // Five minutes, then fifteen.

}  // namespace

CallbackSender::CallbackSender(const CallSurroundings& surroundings, http::Client& client,
                               Group& group)
    : surroundings_(surroundings), client_(client), group_(group) {}

void CallbackSender::Tell(const ExotelCall& call, std::string_view event) {
  const ExotelOrder& order = call.order;
  const bool wanted = event == "terminal"
                          ? order.events.empty() || order.events.contains("terminal")
                          : order.events.contains(std::string(event));
  if (order.status_callback.empty() || !wanted) return;
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const ExotelQuirks& quirks = scenario->quirks.exotel;
  const CallbackBody body = MakeCallbackBody(call, event, quirks, surroundings_.clock.Now());
  for (int copy = 0; copy < quirks.callback_copies; ++copy) {
    group_.Spawn("exotel callback", Deliver(order.status_callback, body, quirks));
  }
}

Task<void> CallbackSender::Deliver(std::string url, CallbackBody body, ExotelQuirks quirks) {
  absl::StatusOr<http::Url> parsed = http::Url::Parse(url);
  if (!parsed.ok()) co_return;
  if (quirks.callback_delay > absl::ZeroDuration()) {
    co_await surroundings_.clock.Sleep(quirks.callback_delay);
  }
  http::Request request("POST", *parsed);
  request.headers = {{"content-type", body.content_type}};
  request.body = std::move(body.text);
  http::Limits limits;
  limits.total = absl::Seconds(15);
  absl::Duration wait = quirks.callback_retry;
  for (int tries = 1; tries <= kTries; ++tries) {
    absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
    if (response.ok() && response->status == 200) co_return;
    if (absl::IsCancelled(response.status()) || tries == kTries) co_return;
    log::Warn(
        "exotel callback not delivered",
        {{"http_status", response.ok() ? response->status : 0}, {"error", response.status()}});
    co_await surroundings_.clock.Sleep(wait);
    wait *= kRetryGrowth;
  }
}

}  // namespace latchkey::sandbox::exotel
