#include "sandbox/carrier/twilio/callback_rules.h"

#include "absl/strings/numbers.h"
#include "lib/http/form.h"

namespace latchkey::sandbox::twilio {
namespace {

void ReadMilliseconds(const http::Form& form, std::string_view name, int most,
                      absl::Duration& member) {
  int number = 0;
  if (!absl::SimpleAtoi(std::string(form.Get(name)), &number)) return;
  if (number >= 100 && number <= most) member = absl::Milliseconds(number);
}

}  // namespace

CallbackRules CallbackRules::Parse(std::string_view url) {
  CallbackRules rules;
  const size_t hash = url.find('#');
  if (hash == std::string_view::npos) return rules;
  const absl::StatusOr<http::Form> form = http::Form::Parse(url.substr(hash + 1));
  if (!form.ok()) return rules;
  ReadMilliseconds(*form, "ct", 10'000, rules.connect);
  ReadMilliseconds(*form, "rt", 15'000, rules.read);
  ReadMilliseconds(*form, "tt", 15'000, rules.total);
  int retries = 0;
  const bool named = absl::SimpleAtoi(std::string(form->Get("rc")), &retries);
  if (named && retries >= 0 && retries <= 5) rules.retries = retries;
  if (form->Has("rp")) rules.policy = form->Get("rp");
  return rules;
}

bool CallbackRules::Repeats(int http_status, bool connected) const {
  const auto names = [this](std::string_view reason) {
    return policy.find(reason) != std::string::npos || policy.find("all") != std::string::npos;
  };
  if (http_status >= 500) return names("5xx");
  if (http_status >= 400) return names("4xx");
  if (http_status != 0) return false;
  return connected ? names("rt") : names("ct");
}

}  // namespace latchkey::sandbox::twilio
