#include "sandbox/carrier/twilio/request_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <set>

#include "lib/base/check.h"
#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox::twilio {

std::string RequestSignature(std::string_view auth_token, std::string_view url,
                             const http::Form& form) {
  // A set sorts by name, then by value, and keeps each pair once.
  const std::set<http::Form::Pair> sorted(form.begin(), form.end());
  std::string base(url.substr(0, url.find('#')));
  for (const auto& [name, value] : sorted) base += name + value;

  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  std::string message = std::move(base);
  const unsigned char* const bytes = reinterpret_cast<const unsigned char*>(message.data());
  const unsigned char* const made =
      HMAC(EVP_sha1(), auth_token.data(), static_cast<int>(auth_token.size()), bytes,
           message.size(), mac.data(), &size);
  Check(made != nullptr, "HMAC-SHA1 is there");
  return EncodeBase64({mac.data(), size});
}

}  // namespace latchkey::sandbox::twilio
