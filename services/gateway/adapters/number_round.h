// NumberRound: tells a carrier of all of a tenant's numbers, and how each of them went.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/gateway/adapters/api_request.h"

namespace latchkey::gateway {

// What a round asks of the services behind the gateway.
class NumberPeers {
 public:
  virtual ~NumberPeers() = default;
  // A page of the tenant's numbers, oldest first; "" asks for the first.
  virtual Task<absl::StatusOr<orchestrator::v1::ListNumbersResponse>> List(
      const std::string& tenant_id, const std::string& page_token) = 0;
  // Tells the number's carrier that its calls come to us.
  virtual Task<absl::Status> Tell(const std::string& tenant_id, const std::string& number_id) = 0;
};

// One round, for one request. Lives on the io thread; its arguments outlive it.
class NumberRound {
 public:
  NumberRound(NumberPeers& peers, const Clock& clock, std::string tenant_id,
              type::v1::Provider carrier)
      : peers_(peers), clock_(clock), tenant_id_(std::move(tenant_id)), carrier_(carrier) {}

  // Adds to the reply, if the tenant has numbers on an account of its own at the carrier:
  // {"numbers": [{"id", "inbound": {…}}]}, oldest first, a few of them told at a time. For those
  // that there was no time for, `inbound` says so. {"numbersLeft": true} beside it: there are, or
  // there may be, more numbers than these.
  Task<void> Run(Reply& reply);

 private:
  struct Told {
    std::string number_id;
    absl::Status status;
  };

  // False: not all could be listed.
  Task<bool> ListAll();
  Task<void> TellAll();
  Task<void> TellOneByOne();

  NumberPeers& peers_;
  const Clock& clock_;
  const std::string tenant_id_;
  const type::v1::Provider carrier_;
  std::vector<Told> numbers_;
  size_t next_ = 0;  // Whom nobody has begun to tell of.
  absl::Time until_ = absl::InfinitePast();
};

}  // namespace latchkey::gateway
