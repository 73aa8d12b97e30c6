#include "services/media/adapters/key_leases.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <set>
#include <utility>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/secret/sealed_box.h"
#include "services/media/adapters/convert.h"

namespace latchkey::media {
namespace {

namespace pb = keyvault::v1;

constexpr absl::Duration kPeriod = absl::Seconds(30);
// After a failed renewal it is tried more often: a lease lives 180 s.
constexpr absl::Duration kRetryPeriod = absl::Seconds(5);
constexpr absl::Duration kDeadline = absl::Seconds(5);

absl::Status OpenKey(const pb::LeasedKey& key, const std::string& call_id,
                     const std::string& identity, const secret::BoxKeyPair& pair,
                     LeasedKeys& leased) {
  const secret::LeaseTerms terms{.lease_id = key.lease_id(),
                                 .tenant_id = key.scope().tenant_id(),
                                 .provider = static_cast<int>(key.provider()),
                                 .call_id = call_id,
                                 .caller = identity,
                                 .expire_time = ToTime(key.expire_time()),
                                 .key_version = key.key_version()};
  const absl::StatusOr<Provider> provider =
      provider::ParseProvider(static_cast<int>(key.provider()));
  if (!provider.ok()) return provider.status();
  for (const type::v1::SealedField& field : key.fields()) {
    const secret::BoxBinding binding = secret::BindLease(terms, field.name());
    if (field.name() == "account_sid") {
      absl::StatusOr<std::string> text = pair.OpenText(field.sealed(), binding);
      if (!text.ok()) return text.status();
      leased.carrier_account = *std::move(text);
      continue;
    }
    absl::StatusOr<Secret> opened = pair.Open(field.sealed(), binding);
    if (!opened.ok()) return opened.status();
    leased.keys[*provider].Put(field.name(), *std::move(opened));
  }
  return absl::OkStatus();
}

}  // namespace

const Secret* LeasedKeys::Find(Provider provider, std::string_view field) const {
  const auto found = keys.find(provider);
  return found == keys.end() ? nullptr : found->second.Find(field);
}

KeyLeases::KeyLeases(Executor host, Client& client, std::string identity,
                     std::function<void(const std::string&)> lost)
    : host_(std::move(host)),
      client_(client),
      identity_(std::move(identity)),
      lost_(std::move(lost)) {}

Task<absl::StatusOr<std::unique_ptr<LeasedKeys>>> KeyLeases::Lease(const std::string& call_id,
                                                                   const Ticket& ticket) {
  const secret::BoxKeyPair pair = secret::BoxKeyPair::Make();
  pb::LeaseKeysRequest request;
  request.mutable_ticket()->set_ticket(ticket.bytes);
  request.mutable_ticket()->set_signature(ticket.signature);
  request.set_public_key(pair.public_key().bytes());
  const rpc::CallOptions options(kDeadline, call_id);
  absl::StatusOr<pb::LeaseKeysResponse> response =
      co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncLeaseKeys, request, options);
  if (absl::IsUnavailable(response.status())) {
    // The same ticket with the same key is the same lease, so asking again is harmless.
    response =
        co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncLeaseKeys, request, options);
  }
  if (!response.ok()) co_return response.status();
  co_return OpenAll(call_id, pair, *response);
}

absl::StatusOr<std::unique_ptr<LeasedKeys>> KeyLeases::OpenAll(
    const std::string& call_id, const secret::BoxKeyPair& pair,
    const pb::LeaseKeysResponse& response) {
  auto leased = std::make_unique<LeasedKeys>();
  std::map<std::string, Held> held;
  for (const pb::LeasedKey& key : response.keys()) {
    const absl::Status opened = OpenKey(key, call_id, identity_, pair, *leased);
    if (!opened.ok()) return opened;
    held[key.lease_id()] = {.call_id = call_id, .expire_time = ToTime(key.expire_time())};
  }
  boost::asio::post(host_, [this, held = std::move(held)]() mutable { held_.merge(held); });
  return leased;
}

Task<void> KeyLeases::Release(const std::string& call_id) {
  boost::asio::post(host_, [this, call_id] {
    std::erase_if(held_, [&](const auto& one) { return one.second.call_id == call_id; });
  });
  pb::ReleaseLeaseRequest request;
  request.set_call_id(call_id);
  const rpc::CallOptions options(kDeadline, call_id);
  absl::StatusOr<pb::ReleaseLeaseResponse> response =
      co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncReleaseLease, request, options);
  // If not, it ends by itself when nobody renews it.
  if (!response.ok()) {
    log::Warn("lease not released", {{"call_id", call_id}, {"status", response.status()}});
  }
}

Task<void> KeyLeases::Run() {
  SystemClock clock;
  absl::Time next = clock.Now() + kPeriod;
  while (true) {
    co_await clock.Sleep(kRetryPeriod);
    LoseExpired(clock.Now());
    if (clock.Now() < next || held_.empty()) continue;
    co_await Renew();
    const bool late = std::any_of(held_.begin(), held_.end(), [&](const auto& one) {
      return one.second.expire_time < clock.Now() + kPeriod * 2;
    });
    if (!late) next = clock.Now() + kPeriod;
  }
}

Task<void> KeyLeases::Renew() {
  pb::RenewLeasesRequest request;
  for (const auto& [lease, held] : held_) request.add_lease_ids(lease);
  const rpc::CallOptions options(kDeadline);
  absl::StatusOr<pb::RenewLeasesResponse> response =
      co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncRenewLeases, request, options);
  if (!response.ok()) {
    log::Warn("leases not renewed", {{"status", response.status()}});
    co_return;
  }
  std::map<std::string, absl::Time> renewed;
  for (const pb::RenewedLease& lease : response->leases()) {
    renewed[lease.lease_id()] = ToTime(lease.expire_time());
  }
  for (const std::string& asked : request.lease_ids()) {
    const auto held = held_.find(asked);
    if (held == held_.end()) continue;
    const auto found = renewed.find(asked);
    held->second.expire_time = found == renewed.end() ? absl::InfinitePast() : found->second;
  }
  LoseExpired(absl::Now());
}

void KeyLeases::LoseExpired(absl::Time now) {
  std::set<std::string> calls;
  std::erase_if(held_, [&](const auto& one) {
    if (one.second.expire_time > now) return false;
    calls.insert(one.second.call_id);
    return true;
  });
  for (const std::string& call_id : calls) lost_(call_id);
}

}  // namespace latchkey::media
