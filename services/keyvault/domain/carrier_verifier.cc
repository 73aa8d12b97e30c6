#include "services/keyvault/domain/carrier_verifier.h"

#include "lib/base/error.h"
#include "lib/secret/mac.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

// Tries every text, so that the time does not tell which one fitted.
bool TwilioSigned(const Secret& auth_token, const CarrierRequest& request) {
  bool genuine = false;
  for (const std::string& text : provider::TwilioSignedTexts(request.url, request.parameters)) {
    const std::string expected = secret::Base64(secret::Mac::HmacSha1(auth_token, text));
    genuine |= secret::EqualInConstantTime(expected, request.signature);
  }
  return genuine;
}

}  // namespace

Task<absl::StatusOr<bool>> CarrierVerifier::Verify(const KeySlot& slot,
                                                   const CarrierRequest& request) {
  if (slot.provider != Provider::kTwilio) {
    co_return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
                    "Only Twilio signs its requests.");
  }
  absl::StatusOr<StoredKey> key = co_await store_.Find(slot);
  if (!key.ok()) co_return key.status();
  const absl::StatusOr<secret::KeyFields> fields =
      envelope_.Open(key->tenant_key, AddressOf(key->info), key->sealed);
  if (!fields.ok()) co_return fields.status();
  const Secret* auth_token = fields->Find("auth_token");
  if (auth_token == nullptr) co_return KeyNotFound(slot.provider);
  co_return TwilioSigned(*auth_token, request);
}

}  // namespace latchkey::keyvault
