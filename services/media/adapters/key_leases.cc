#include "services/media/adapters/key_leases.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/rpc/client_stream.h"
#include "lib/secret/arena.h"
#include "lib/secret/sealed_box.h"
#include "services/media/adapters/convert.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

namespace pb = keyvault::v1;

constexpr absl::Duration kPeriod = absl::Seconds(30);
// After a failed renewal it is tried more often: a lease lives 180 s.
constexpr absl::Duration kRetryPeriod = absl::Seconds(5);
constexpr absl::Duration kDeadline = absl::Seconds(5);
// The callee waits meanwhile.
constexpr absl::Duration kSwitchDeadline = absl::Seconds(2);

// As many as keyvault takes in one request.
constexpr int kObservationsMax = 10'000;

// A lease that is revoked in the moment that it is granted is known here before its keys.
constexpr absl::Duration kUnknownKept = absl::Minutes(1);
constexpr size_t kUnknownMax = 10'000;
// A stream lives for five minutes; keyvault ends it a little before its deadline.
constexpr absl::Duration kWatchDeadline = absl::Minutes(5);
constexpr absl::Duration kWatchPause = absl::Milliseconds(200);
constexpr std::string_view kAccount = "account_sid";

secret::LeaseTerms TermsOf(const pb::LeasedKey& key, const std::string& call_id,
                           const std::string& identity) {
  return {.lease_id = key.lease_id(),
          .tenant_id = key.scope().tenant_id(),
          .provider = static_cast<int>(key.provider()),
          .call_id = call_id,
          .caller = identity,
          .expire_time = ToTime(key.expire_time()),
          .key_version = key.key_version()};
}

// The carrier's account: nothing has one but a carrier's key.
absl::Status OpenAccount(const pb::LeasedKey& key, const secret::LeaseTerms& terms,
                         LeasedKeys& leased) {
  for (const type::v1::SealedField& field : key.fields()) {
    if (field.name() != kAccount) continue;
    absl::StatusOr<std::string> account =
        leased.pair.OpenText(field.sealed(), secret::BindLease(terms, field.name()));
    if (!account.ok()) return account.status();
    if (!leased.carrier_account.empty() && leased.carrier_account != *account) {
      return Error(absl::StatusCode::kFailedPrecondition, reasons::kCarrierAccountChanged,
                   "The carrier key's other version is of another account than the call.");
    }
    leased.carrier_account = *std::move(account);
  }
  return absl::OkStatus();
}

absl::Status OpenKey(const pb::LeasedKey& key, const secret::LeaseTerms& terms,
                     const provider::KeyHosts& key_hosts, LeasedKeys& leased) {
  const absl::StatusOr<Provider> provider =
      provider::ParseProvider(static_cast<int>(key.provider()));
  if (!provider.ok()) return provider.status();
  absl::Status account = OpenAccount(key, terms, leased);
  if (!account.ok()) return account;
  for (const type::v1::SealedField& field : key.fields()) {
    if (field.name() == kAccount) continue;
    absl::StatusOr<Secret> opened =
        leased.pair.Open(field.sealed(), secret::BindLease(terms, field.name()));
    if (!opened.ok()) return opened.status();
    opened->BindTo(key_hosts.Of(*provider));
    leased.keys[*provider].Put(field.name(), *std::move(opened));
  }
  leased.grants[*provider] = {.lease_id = key.lease_id(), .version = key.key_version()};
  return absl::OkStatus();
}

}  // namespace

const Secret* LeasedKeys::Find(Provider provider, std::string_view field) const {
  const auto found = keys.find(provider);
  return found == keys.end() ? nullptr : found->second.Find(field);
}

void LeasedKeys::WipeAllBut(Provider kept) {
  for (auto& [provider, fields] : keys) {
    if (provider == kept) continue;
    std::vector<std::string> names;
    for (const auto& [name, value] : fields) names.push_back(name);
    for (const std::string& name : names) fields.Put(name, Secret());
  }
}

KeyLeases::KeyLeases(Executor host, Client& client, std::string identity,
                     provider::KeyHosts key_hosts, Lost lost)
    : host_(std::move(host)),
      client_(client),
      identity_(std::move(identity)),
      key_hosts_(std::move(key_hosts)),
      lost_(std::move(lost)) {}

Task<absl::StatusOr<std::unique_ptr<LeasedKeys>>> KeyLeases::Lease(const std::string& call_id,
                                                                   const Ticket& ticket) {
  const absl::Status room = secret::Arena::OfProcess().CheckRoom();
  if (!room.ok()) co_return room;
  secret::BoxKeyPair pair = secret::BoxKeyPair::Make();
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
  co_return OpenAll(call_id, std::move(pair), *response);
}

absl::StatusOr<std::unique_ptr<LeasedKeys>> KeyLeases::OpenAll(
    const std::string& call_id, secret::BoxKeyPair pair, const pb::LeaseKeysResponse& response) {
  auto leased = std::make_unique<LeasedKeys>(std::move(pair));
  std::map<std::string, Held> held;
  for (const pb::LeasedKey& key : response.keys()) {
    const absl::Status opened = OpenKey(key, TermsOf(key, call_id, identity_), key_hosts_, *leased);
    if (!opened.ok()) return opened;
    held[key.lease_id()] = {.call_id = call_id, .expire_time = ToTime(key.expire_time())};
  }
  boost::asio::post(host_, [this, held = std::move(held)]() mutable { Hold(std::move(held)); });
  return leased;
}

void KeyLeases::Hold(std::map<std::string, Held> held) {
  std::set<std::string> revoked;
  for (auto& [lease, one] : held) {
    if (unknown_.erase(lease) > 0) revoked.insert(lease);
    held_.insert_or_assign(lease, std::move(one));
  }
  Lose(revoked, reasons::kKeyRevoked);
}

Task<absl::Status> KeyLeases::Switch(const std::string& call_id, Provider provider,
                                     LeasedKeys& keys) {
  const auto grant = keys.grants.find(provider);
  if (grant == keys.grants.end()) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reasons::kKeysRefused,
                    "The call holds no key of this provider.");
  }
  pb::SwitchVersionRequest request;
  request.set_lease_id(grant->second.lease_id);
  request.set_from_version(grant->second.version);
  const rpc::CallOptions options(kSwitchDeadline, call_id);
  absl::StatusOr<pb::SwitchVersionResponse> response =
      co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncSwitchVersion, request, options);
  if (absl::IsUnavailable(response.status())) {
    // The same request gives the same version, so asking again is harmless.
    response = co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncSwitchVersion, request,
                                  options);
  }
  if (!response.ok()) co_return response.status();
  const pb::LeasedKey& key = response->key();
  co_return OpenKey(key, TermsOf(key, call_id, identity_), key_hosts_, keys);
}

Task<void> KeyLeases::Release(const std::string& call_id, Observations seen) {
  boost::asio::post(host_, [this, call_id] {
    std::erase_if(held_, [&](const auto& one) { return one.second.call_id == call_id; });
  });
  pb::ReleaseLeaseRequest request;
  request.set_call_id(call_id);
  *request.mutable_observations() = std::move(seen);
  const rpc::CallOptions options(kDeadline, call_id);
  absl::StatusOr<pb::ReleaseLeaseResponse> response =
      co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncReleaseLease, request, options);
  // If not, it ends by itself when nobody renews it.
  if (!response.ok()) {
    log::Warn("lease not released", {{"call_id", call_id}, {"status", response.status()}});
    Report(std::move(*request.mutable_observations()));
  }
}

Task<void> KeyLeases::Run() {
  SystemClock clock;
  absl::Time next = clock.Now() + kPeriod;
  while (true) {
    co_await clock.Sleep(kRetryPeriod);
    LoseExpired(clock.Now());
    if ((clock.Now() < next && !urgent_) || (held_.empty() && seen_.empty())) continue;
    co_await Renew();
    const bool late = std::any_of(held_.begin(), held_.end(), [&](const auto& one) {
      return one.second.expire_time < clock.Now() + kPeriod * 2;
    });
    if (!late) next = clock.Now() + kPeriod;
  }
}

void KeyLeases::Report(Observations seen) {
  if (seen.empty()) return;
  boost::asio::post(host_, [this, seen = std::move(seen)]() mutable { Keep(std::move(seen)); });
}

// Where there is no room, what is seen next tells the same.
void KeyLeases::Keep(Observations seen) {
  for (pb::LeaseObservation& one : seen) {
    if (seen_.size() >= kObservationsMax) return;
    for (const pb::SeenAnswer& answer : one.answers()) {
      urgent_ = urgent_ || answer.answer() == pb::PROVIDER_ANSWER_KEY_REFUSED ||
                answer.answer() == pb::PROVIDER_ANSWER_NO_CREDIT;
    }
    *seen_.Add() = std::move(one);
  }
}

Task<void> KeyLeases::Renew() {
  pb::RenewLeasesRequest request;
  for (const auto& [lease, held] : held_) request.add_lease_ids(lease);
  request.mutable_observations()->Swap(&seen_);
  urgent_ = false;
  const rpc::CallOptions options(kDeadline);
  absl::StatusOr<pb::RenewLeasesResponse> response =
      co_await rpc::Call(client_, &pb::KeyVault::Stub::PrepareAsyncRenewLeases, request, options);
  if (!response.ok()) {
    log::Warn("leases not renewed", {{"status", response.status()}});
    Keep(std::move(*request.mutable_observations()));
    co_return;
  }
  std::map<std::string, absl::Time> renewed;
  for (const pb::RenewedLease& lease : response->leases()) {
    renewed[lease.lease_id()] = ToTime(lease.expire_time());
  }
  // What is left out has been ended by keyvault, if its time was not yet up.
  std::set<std::string> revoked;
  const absl::Time now = absl::Now();
  for (const std::string& asked : request.lease_ids()) {
    const auto held = held_.find(asked);
    if (held == held_.end()) continue;
    const auto found = renewed.find(asked);
    if (found != renewed.end()) {
      held->second.expire_time = found->second;
    } else if (held->second.expire_time > now) {
      revoked.insert(asked);
    }
  }
  Lose(revoked, reasons::kKeyRevoked);
  LoseExpired(now);
}

Task<void> KeyLeases::Watch() {
  SystemClock clock;
  bool complained = false;
  while (true) {
    absl::Status ended = co_await WatchOnce();
    if (!ended.ok() && !complained) log::Warn("revocations not heard", {{"status", ended}});
    complained = !ended.ok();
    co_await clock.Sleep(kWatchPause);
  }
}

Task<absl::Status> KeyLeases::WatchOnce() {
  pb::WatchRevocationsRequest request;
  request.set_cursor(cursor_);
  const rpc::CallOptions options(kWatchDeadline);
  rpc::ServerStream<pb::WatchRevocationsResponse> stream(
      client_, &pb::KeyVault::Stub::PrepareAsyncWatchRevocations, request, options);
  while (true) {
    absl::StatusOr<std::optional<pb::WatchRevocationsResponse>> message = co_await stream.Read();
    if (!message.ok()) co_return message.status();
    if (!message->has_value()) co_return absl::OkStatus();
    const absl::Time now = absl::Now();
    for (const pb::Revocation& revocation : (*message)->revocations()) {
      OnRevoked(revocation.lease_id(), now);
    }
    cursor_ = (*message)->cursor();
  }
}

void KeyLeases::OnRevoked(const std::string& lease_id, absl::Time now) {
  if (held_.contains(lease_id)) return Lose({lease_id}, reasons::kKeyRevoked);
  std::erase_if(unknown_, [now](const auto& one) { return one.second < now - kUnknownKept; });
  if (unknown_.size() < kUnknownMax) unknown_[lease_id] = now;
}

// A call that has lost one of its keys needs none of them any more.
void KeyLeases::Lose(const std::set<std::string>& leases, std::string_view reason) {
  std::set<std::string> calls;
  for (const std::string& lease : leases) {
    const auto held = held_.find(lease);
    if (held == held_.end()) continue;
    calls.insert(held->second.call_id);
    held_.erase(held);
  }
  for (const std::string& call_id : calls) lost_(call_id, reason);
}

void KeyLeases::LoseExpired(absl::Time now) {
  std::set<std::string> expired;
  for (const auto& [lease, held] : held_) {
    if (held.expire_time <= now) expired.insert(lease);
  }
  Lose(expired, reasons::kKeysExpired);
}

}  // namespace latchkey::media
