// FakeRateCards: the lines that the migrations seed, in memory.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "lib/base/error.h"
#include "services/billing/domain/ports.h"
#include "services/billing/domain/reasons.h"

namespace latchkey::billing {

class FakeRateCards final : public RateCards {
 public:
  FakeRateCards() {
    Add("free", BillingMode::kBundled, "USD", 400'000, "free-bundled-usd");
    Add("pro", BillingMode::kBundled, "USD", 400'000, "pro-bundled-usd");
    Add("byok", BillingMode::kBundled, "USD", 400'000, "byok-bundled-usd");
    Add("byok", BillingMode::kByokTenant, "USD", 0, "byok-own-keys-usd");
    Add("byok", BillingMode::kByokTenant, "INR", 0, "byok-own-keys-inr");
    Add("pro", BillingMode::kByokNumber, "USD", 100'000, "pro-number-key-usd");
    Add("byok", BillingMode::kByokNumber, "USD", 0, "byok-number-key-usd");
    Add("byok", BillingMode::kByokNumber, "INR", 0, "byok-number-key-inr");
  }

  Task<absl::StatusOr<Rate>> Find(const RateQuery& query) override {
    const auto found = lines_.find({query.plan, query.mode, query.currency});
    if (found == lines_.end()) {
      co_return Error(absl::StatusCode::kNotFound, reasons::kRateMissing, "No such price.");
    }
    co_return found->second;
  }

 private:
  void Add(std::string plan, BillingMode mode, std::string currency, int64_t micros,
           std::string rate_id) {
    Rate rate;
    rate.rate_id = std::move(rate_id);
    rate.per_minute = Money{.currency = currency, .micros = micros};
    lines_[{std::move(plan), mode, std::move(currency)}] = rate;
  }

  std::map<std::tuple<std::string, BillingMode, std::string>, Rate> lines_;
};

}  // namespace latchkey::billing
