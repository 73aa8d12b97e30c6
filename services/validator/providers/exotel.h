// Exotel: reads the account, at the host of the key's region.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "services/validator/domain/ports.h"

namespace latchkey::validator {

// GET /v1/Accounts/{sid}.json. Its answer may echo the token, so the body is wiped and never
// logged.
class ExotelProber final : public Prober {
 public:
  // The hosts of the two regions, without a slash at the end. The client outlives the prober.
  ExotelProber(http::Client& client, http::Url singapore, http::Url mumbai);

  // A candidate without "region" is one of Singapore's. When the other region takes it, the
  // rejection says so.
  Task<absl::StatusOr<Verdict>> Probe(const Candidate& candidate) override;

 private:
  Task<absl::StatusOr<Verdict>> Ask(const http::Url& region, const Candidate& candidate);

  http::Client& client_;
  const http::Url singapore_, mumbai_;
};

// The rule: what an answer to the probe of the account `sid` says.
absl::StatusOr<Verdict> JudgeExotel(const http::Response& response, std::string_view sid);

}  // namespace latchkey::validator
