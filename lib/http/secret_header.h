// SecretHeader: the one header of a request that carries a key.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "lib/secret/secret.h"

namespace latchkey::http {

// The key is written from guarded memory straight into the head of the request; it never enters a
// std::string. Borrows the secret, which must live until the request has been sent.
class SecretHeader {
 public:
  SecretHeader(std::string name, std::string prefix, const Secret& secret)
      : name_(std::move(name)), prefix_(std::move(prefix)), secret_(&secret) {}

  // "Authorization: Bearer <key>"
  static SecretHeader Bearer(const Secret& secret) { return {"Authorization", "Bearer ", secret}; }
  // "Authorization: Token <key>", Deepgram's form.
  static SecretHeader Token(const Secret& secret) { return {"Authorization", "Token ", secret}; }
  // "Authorization: Basic base64(user:<key>)"
  static SecretHeader Basic(std::string user, const Secret& secret) {
    SecretHeader header("Authorization", "Basic ", secret);
    header.user_ = std::move(user);
    header.basic_ = true;
    return header;
  }

  // The same, for a user that is a key of its own.
  static SecretHeader Basic(const Secret& user, const Secret& secret) {
    SecretHeader header = Basic(std::string(), secret);
    header.user_secret_ = &user;
    return header;
  }

  // True when every key in it is bound to `host`. Keys that are bound to no host at all pass unless
  // `bound_only`.
  bool MayGoTo(std::string_view host, bool bound_only) const {
    return MayGoTo(*secret_, host, bound_only) &&
           (user_secret_ == nullptr || MayGoTo(*user_secret_, host, bound_only));
  }

  const std::string& name() const { return name_; }
  const std::string& prefix() const { return prefix_; }
  const Secret& secret() const { return *secret_; }
  bool basic() const { return basic_; }
  const std::string& user() const { return user_; }
  const Secret* user_secret() const { return user_secret_; }  // In place of user(), if not null.

 private:
  static bool MayGoTo(const Secret& key, std::string_view host, bool bound_only) {
    return key.bound() ? key.MayGoTo(host) : !bound_only;
  }

  std::string name_, prefix_, user_;
  const Secret* secret_;
  const Secret* user_secret_ = nullptr;
  bool basic_ = false;
};

}  // namespace latchkey::http
