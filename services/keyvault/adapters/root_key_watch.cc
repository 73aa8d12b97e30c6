#include "services/keyvault/adapters/root_key_watch.h"

#include <utility>

#include "lib/base/log.h"

namespace latchkey::keyvault {

namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);
// Counting reads an index of all tenants: every second only while a rewrap runs.
constexpr absl::Duration kIdleMeasure = absl::Minutes(1);

metrics::Counter& RingChanges(const std::string& outcome) {
  return metrics::MakeCounter("latchkey_keyvault_key_ring_changes_total",
                              "New key rings that were found in the file.", {{"outcome", outcome}});
}

}  // namespace

RootKeyWatch::RootKeyWatch(const std::string& path, RootKeys& root_keys, const Rewrapper& rewrapper,
                           Clock& clock)
    : root_keys_(root_keys),
      rewrapper_(rewrapper),
      clock_(clock),
      rows_(metrics::MakeGauge("latchkey_keyvault_tenant_keys_rows", "Tenants' keys.")),
      left_rows_(metrics::MakeGauge("latchkey_keyvault_rewrap_left_rows",
                                    "Tenants' keys that the current root key does not wrap.")),
      taken_(RingChanges("taken")),
      refused_(RingChanges("refused")) {
  if (!path.empty()) file_.emplace(path);
}

Task<void> RootKeyWatch::Run() {
  while (true) {
    if (file_.has_value()) co_await FollowFile();
    if (rewrapper_.running() || clock_.Now() - measured_ >= kIdleMeasure) co_await Measure();
    co_await clock_.Sleep(kInterval);
  }
}

Task<void> RootKeyWatch::FollowFile() {
  std::optional<absl::StatusOr<secret::KeyRing>> fresh = co_await file_->Changed();
  if (!fresh.has_value()) co_return;
  absl::Status taken = fresh->status();
  std::string current;
  if (taken.ok()) {
    current = (*fresh)->current().id();
    taken = co_await root_keys_.Take(**std::move(fresh));
  }
  if (taken.ok()) {
    taken_.Add();
    log::Info("key ring taken", {{"current", current}});
    measured_ = absl::InfinitePast();
  } else if (absl::IsFailedPrecondition(taken)) {
    refused_.Add();
    log::Error("key ring refused; the one before stays in use", {{"error", taken}});
  } else {
    file_->Forget();  // Postgres could not be asked; it is looked at again.
  }
}

Task<void> RootKeyWatch::Measure() {
  absl::StatusOr<RootKeyCount> count = co_await root_keys_.Count();
  if (!count.ok()) co_return;
  measured_ = clock_.Now();
  rows_.Set(static_cast<double>(count->total));
  left_rows_.Set(static_cast<double>(count->left));
}

}  // namespace latchkey::keyvault
