#include "services/keyvault/domain/revoker.h"

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

// A save or a sweep may come between finding and switching; more than one of them hardly does.
constexpr int kSwitchAttemptsMax = 3;

}  // namespace

Task<absl::StatusOr<int>> Revoker::RevokeAll(const RevocationTarget& target, const Actor& actor) {
  co_return co_await store_.Revoke(target, RevocationReason::kRevokedByOps, actor);
}

Task<absl::StatusOr<LeasedKey>> Revoker::Switch(const Presenter& presenter, const LeaseId& lease,
                                                int refused_version) {
  for (int attempt = 0; attempt < kSwitchAttemptsMax; ++attempt) {
    absl::StatusOr<std::optional<HeldVersion>> held =
        co_await store_.FindHeld(presenter.spiffe_id, lease);
    if (!held.ok()) co_return held.status();
    if (!held->has_value()) {
      const std::vector<LeaseId> asked = {lease};
      co_await guard_.LookForForeign(presenter, asked, leases_);
      co_return LeaseNotFound();
    }
    const absl::StatusOr<VersionChoice> choice = ChooseVersion(**held, refused_version);
    if (!choice.ok()) co_return choice.status();
    bool switched = choice->repeated;
    if (!switched) {
      absl::StatusOr<bool> done = co_await store_.Switch(**held, *choice);
      if (!done.ok()) co_return done.status();
      switched = *done;
    }
    if (switched) co_return co_await Give(presenter, lease, *choice, refused_version);
  }
  co_return Error(absl::StatusCode::kAborted, reason::kSwitchLostRace,
                  "The key changed at the same moment. Ask again.");
}

Task<absl::StatusOr<LeasedKey>> Revoker::Give(const Presenter& presenter, const LeaseId& id,
                                              const VersionChoice& choice, int refused_version) {
  absl::StatusOr<Lease> lease = co_await store_.GetLease(presenter.spiffe_id, id);
  if (!lease.ok()) co_return lease.status();
  if (choice.fell_back) watch_.OnFallback(*lease, refused_version);
  const absl::StatusOr<secret::BoxPublicKey> public_key =
      secret::BoxPublicKey::Parse(lease->public_key);
  if (!public_key.ok()) co_return public_key.status();
  absl::StatusOr<std::vector<LeasedKey>> sealed =
      SealLeases(envelope_, {*std::move(lease)}, *public_key);
  if (!sealed.ok()) co_return sealed.status();
  co_return std::move(sealed->front());
}

}  // namespace latchkey::keyvault
