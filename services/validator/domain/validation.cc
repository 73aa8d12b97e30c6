#include "services/validator/domain/validation.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/error.h"
#include "lib/base/metrics.h"
#include "services/validator/domain/reasons.h"

namespace latchkey::validator {
namespace {

absl::Status Malformed(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, kMalformedRequest, message);
}

absl::Status CheckFields(const provider::Entry& entry, const Candidate& candidate) {
  for (const provider::Field& field : entry.fields) {
    if (!field.required) continue;
    const Secret* const secret = candidate.FindSecret(field.name);
    const bool given =
        field.secret ? secret != nullptr && !secret->empty() : !candidate.Text(field.name).empty();
    if (!given) return Malformed(fmt::format("{} needs its {}.", entry.label, field.label));
  }
  return absl::OkStatus();
}

void Count(std::string_view provider, const absl::StatusOr<Verdict>& verdict) {
  const std::string result =
      verdict.ok() ? std::string(Name(verdict->rejection)) : Reason(verdict.status());
  metrics::MakeCounter("latchkey_validator_probes_total", "Probes of provider keys, by result.",
                       {{"provider", std::string(provider)}, {"result", result}})
      .Add();
}

}  // namespace

Validation::Validation(std::map<Provider, Prober*> probers) : probers_(std::move(probers)) {}

Task<absl::StatusOr<Verdict>> Validation::Probe(Provider provider, const Candidate& candidate) {
  const provider::Entry& entry = provider::Describe(provider);
  const auto prober = probers_.find(provider);
  if (prober == probers_.end()) {
    co_return Malformed(fmt::format("Keys of {} cannot be probed.", entry.label));
  }
  absl::Status complete = CheckFields(entry, candidate);
  if (!complete.ok()) co_return complete;
  absl::StatusOr<Verdict> verdict = co_await prober->second->Probe(candidate);
  Count(entry.name, verdict);
  co_return verdict;
}

}  // namespace latchkey::validator
