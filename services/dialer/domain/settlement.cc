#include "services/dialer/domain/settlement.h"

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

constexpr absl::Duration kLookEvery = absl::Seconds(1);
// An instance reports that it places a call as soon as it has its keys.
constexpr absl::Duration kQueuedMax = absl::Seconds(60);
// A running instance closes a call within seconds of the carrier's last word.
constexpr absl::Duration kClosingMax = absl::Seconds(30);
// The carrier's list of calls may lag behind (Twilio calls its reads eventually consistent), and a
// call that is not in it counts as never placed.
constexpr absl::Duration kListingLag = absl::Seconds(15);
// Longer than Media.SettleCall may take.
constexpr absl::Duration kClaim = absl::Seconds(20);
constexpr int kClaimsMax = 16;  // As many are settled side by side.

absl::Status NobodyLeft() {
  return Error(absl::StatusCode::kUnavailable, reasons::kFleetFull,
               "No media instance is alive that could settle the call.");
}

}  // namespace

Settlement::Settlement(Executor executor, CallStore& store, FleetStore& fleet, MediaControl& media,
                       TicketSigner& signer, Clock& clock, Random& random)
    : store_(store),
      fleet_(fleet),
      media_(media),
      signer_(signer),
      clock_(clock),
      random_(random),
      loop_(executor),
      settling_(executor) {}

void Settlement::Start() { loop_.Spawn("settle lost calls", Run()); }

Task<void> Settlement::Stop() {
  loop_.Cancel();
  settling_.Cancel();
  co_await loop_.Join();
  co_await settling_.Join();
}

Task<void> Settlement::Run() {
  // What was silent because dialer itself was away gets its chance to be heard first.
  co_await clock_.Sleep(kSilenceMax);
  while (true) {
    absl::StatusOr<size_t> settled = co_await SettleLost();
    if (!settled.ok()) log::Warn("lost calls not looked for", {{"status", settled.status()}});
    co_await clock_.Sleep(kLookEvery);
  }
}

Task<absl::StatusOr<size_t>> Settlement::SettleLost() {
  const absl::Time now = clock_.Now();
  LostCalls lost;
  lost.silent_since = now - kSilenceMax;
  lost.queued_since = now - kQueuedMax;
  lost.ended_since = now - kClosingMax;
  lost.listed_since = now - kListingLag;
  lost.now = now;
  lost.retry_time = now + kClaim;
  absl::StatusOr<std::vector<Call>> calls = co_await store_.ClaimLost(lost, kClaimsMax);
  if (!calls.ok()) co_return calls.status();
  for (Call& call : *calls) settling_.Spawn("settle a call", SettleOne(std::move(call)));
  co_await settling_.Join();
  co_return calls->size();
}

Task<void> Settlement::SettleOne(Call call) {
  absl::Status settled = co_await SettleWithCarrier(call);
  // What the carrier has told already will do where nobody can ask it.
  if (!settled.ok() && call.carrier_end.has_value()) settled = co_await CloseByCarrier(call);
  const std::string id = call.id.text();
  if (settled.ok()) {
    log::Info("lost call settled", {{"call_id", id}, {"tenant_id", call.tenant.text()}});
  } else {
    log::Warn("lost call not settled yet", {{"call_id", id}, {"status", settled}});
  }
}

Task<absl::Status> Settlement::CloseByCarrier(const Call& call) {
  const Transition close = [](Call& record) {
    if (record.carrier_end.has_value()) Close(record, OutcomeByCarrier(record));
    return absl::OkStatus();
  };
  absl::StatusOr<Call> closed = co_await store_.Update(call.id, close);
  co_return closed.status();
}

Task<absl::Status> Settlement::SettleWithCarrier(const Call& call) {
  absl::StatusOr<std::vector<MediaInstance>> fleet = co_await fleet_.List();
  if (!fleet.ok()) co_return fleet.status();
  // Settling takes no room for a call, so a full or draining instance may do it.
  const std::optional<MediaInstance> settler = ChooseAny(*fleet, clock_.Now());
  if (!settler.has_value()) co_return NobodyLeft();

  // Written first, so that the settler may close the call.
  const Transition entrust = [&](Call& record) {
    record.settler = settler->name;
    return absl::OkStatus();
  };
  absl::StatusOr<Call> entrusted = co_await store_.Update(call.id, entrust);
  if (!entrusted.ok()) co_return entrusted.status();
  if (entrusted->state == CallState::kEnded) co_return absl::OkStatus();
  const TicketTerms terms = SettleTicket(*entrusted, settler->name, clock_.Now(), random_);
  const SignedTicket ticket = signer_.Sign(terms);
  co_return co_await media_.Settle(*settler, *entrusted, ticket);
}

}  // namespace latchkey::dialer
