// SecretHeader: the one header of a request that carries a key.
#pragma once

#include <string>
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

  const std::string& name() const { return name_; }
  const std::string& prefix() const { return prefix_; }
  const Secret& secret() const { return *secret_; }
  bool basic() const { return basic_; }
  const std::string& user() const { return user_; }

 private:
  std::string name_, prefix_, user_;
  const Secret* secret_;
  bool basic_ = false;
};

}  // namespace latchkey::http
