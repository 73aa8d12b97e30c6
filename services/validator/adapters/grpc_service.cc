#include "services/validator/adapters/grpc_service.h"

#include <optional>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/provider/catalogue.h"
#include "lib/secret/arena.h"
#include "lib/secret/sealed_box.h"
#include "services/validator/domain/reasons.h"

namespace latchkey::validator {
namespace {

absl::Status Malformed(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, kMalformedRequest, message);
}

// Opens one field into `candidate`.
absl::Status OpenField(const secret::BoxKeyPair& keys, const provider::Entry& entry,
                       const provider::KeyHosts& key_hosts, const type::v1::SealedField& sealed,
                       Candidate& candidate) {
  const provider::Field* const field = provider::FindField(entry, sealed.name());
  if (field == nullptr) return Malformed("The provider's key has no such field.");
  const secret::BoxBinding binding =
      secret::BindProbe(static_cast<int>(entry.provider), field->name);
  if (!field->secret) {
    absl::StatusOr<std::string> text = keys.OpenText(sealed.sealed(), binding);
    if (!text.ok()) return Malformed("A field is not sealed to this probe's key.");
    candidate.PutText(field->name, std::move(*text));
    return absl::OkStatus();
  }
  absl::StatusOr<Secret> value = keys.Open(sealed.sealed(), binding);
  if (!value.ok()) return Malformed("A field is not sealed to this probe's key.");
  value->BindTo(key_hosts.Of(entry.provider));
  candidate.PutSecret(field->name, std::move(*value));
  return absl::OkStatus();
}

// Goes into a URL.
bool IsModelName(std::string_view name) {
  constexpr size_t kSizeMax = 64;
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  return name.size() <= kSizeMax && name.find_first_not_of(kAllowed) == std::string_view::npos &&
         !name.starts_with('.');
}

absl::StatusOr<Candidate> OpenCandidate(const secret::BoxKeyPair& keys,
                                        const provider::Entry& entry,
                                        const provider::KeyHosts& key_hosts,
                                        const pb::ProbeRequest& request) {
  if (!IsModelName(request.model())) return Malformed("That is no name of a model.");
  Candidate candidate;
  candidate.set_model(request.model());
  for (const type::v1::SealedField& sealed : request.fields()) {
    absl::Status opened = OpenField(keys, entry, key_hosts, sealed, candidate);
    if (!opened.ok()) return opened;
  }
  return candidate;
}

void Fill(const Verdict& verdict, pb::Verdict& message) {
  message.set_valid(verdict.valid());
  message.set_rejection(static_cast<pb::Rejection>(verdict.rejection));
  message.set_message(verdict.message);
  message.set_call_ceiling(verdict.call_ceiling);
  message.set_trial(verdict.trial);
  message.set_carrier_account(verdict.carrier_account);
}

}  // namespace

GrpcService::GrpcService(Validation& validation, provider::KeyHosts key_hosts, rpc::Host& host)
    : validation_(validation), key_hosts_(std::move(key_hosts)) {
  host.Serve<pb::Validator>(*this).Bidi(&pb::Validator::AsyncService::RequestProbe,
                                        &GrpcService::Probe);
}

Task<absl::Status> GrpcService::Probe(const rpc::CallContext&, ProbeStream& stream) {
  absl::Status room = secret::Arena::OfProcess().CheckRoom();
  if (!room.ok()) co_return room;
  const secret::BoxKeyPair keys = secret::BoxKeyPair::Make();
  pb::ProbeResponse invitation;
  invitation.set_public_key(keys.public_key().bytes());
  absl::Status invited = co_await stream.Write(invitation);
  if (!invited.ok()) co_return invited;

  std::optional<pb::ProbeRequest> request = co_await stream.Read();
  if (!request.has_value()) co_return Malformed("The stream ended without a key.");
  absl::StatusOr<Provider> provider =
      provider::ParseProvider(static_cast<int>(request->provider()));
  if (!provider.ok()) co_return Malformed(Message(provider.status()));
  absl::StatusOr<Candidate> candidate =
      OpenCandidate(keys, provider::Describe(*provider), key_hosts_, *request);
  if (!candidate.ok()) co_return candidate.status();

  absl::StatusOr<Verdict> verdict = co_await validation_.Probe(*provider, *candidate);
  if (!verdict.ok()) co_return verdict.status();
  pb::ProbeResponse response;
  Fill(*verdict, *response.mutable_verdict());
  co_return co_await stream.Write(response);
}

}  // namespace latchkey::validator
