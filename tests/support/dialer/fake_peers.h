// The other services as dialer sees them, and a signer without a key.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "services/dialer/domain/ports.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {

class FakeDirectory final : public Directory {
 public:
  std::map<NumberId, Line> lines;

  Task<absl::StatusOr<Line>> FindLine(const TenantId& tenant, const NumberId& number) override {
    const auto found = lines.find(number);
    if (found == lines.end() || found->second.tenant.id != tenant) {
      co_return Error(absl::StatusCode::kNotFound, reasons::kNumberNotFound, "No such number.");
    }
    co_return found->second;
  }

  Task<absl::StatusOr<Line>> FindCalled(const E164& called) override {
    for (const auto& [id, line] : lines) {
      if (line.number.e164 == called.text()) co_return line;
    }
    co_return Error(absl::StatusCode::kNotFound, reasons::kNumberNotFound, "No such number.");
  }
};

class FakeKeyFacts final : public KeyFactsSource {
 public:
  std::vector<KeyFacts> keys;
  absl::Status failure;

  Task<absl::StatusOr<std::vector<KeyFacts>>> ListKeys(const TenantId& tenant) override {
    if (!failure.ok()) co_return failure;
    std::vector<KeyFacts> found;
    for (const KeyFacts& key : keys) {
      if (key.scope.tenant == tenant) found.push_back(key);
    }
    co_return found;
  }
};

class FakePricing final : public Pricing {
 public:
  absl::StatusOr<Rate> answer = Rate{"free-bundled-usd", Money{"USD", 400'000}, 1};

  std::vector<BillingMode> asked;

  Task<absl::StatusOr<Rate>> Authorize(const Tenant&, BillingMode mode) override {
    asked.push_back(mode);
    co_return answer;
  }
};

class FakeVerifier final : public CarrierVerifier {
 public:
  absl::StatusOr<bool> answer = true;
  int asked = 0;

  Task<absl::StatusOr<bool>> Verify(const KeyScope&, Provider, const CarrierRequest&) override {
    ++asked;
    co_return answer;
  }
};

class FakeSigner final : public TicketSigner {
 public:
  std::vector<TicketTerms> signed_terms;

  SignedTicket Sign(const TicketTerms& terms) override {
    signed_terms.push_back(terms);
    return SignedTicket{"ticket", "signature"};
  }
};

}  // namespace latchkey::dialer
