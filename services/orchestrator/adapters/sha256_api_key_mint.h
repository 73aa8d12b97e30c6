// Sha256ApiKeyMint: API keys of 256 random bits, in base 62, hashed with SHA-256.
#pragma once

#include "lib/base/random.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

class Sha256ApiKeyMint final : public ApiKeyMint {
 public:
  explicit Sha256ApiKeyMint(Random& random) : random_(random) {}

  Minted Mint() override;
  std::string Hash(const std::string& text) const override;

 private:
  Random& random_;
};

}  // namespace latchkey::orchestrator
