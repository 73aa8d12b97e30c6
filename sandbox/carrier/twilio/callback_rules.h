// CallbackRules: how a callback's URL asks for its own delivery, by Twilio's connection overrides.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace latchkey::sandbox::twilio {

// "https://a.example/cb#ct=2000&rt=5000&tt=10000&rc=3&rp=5xx,ct": the fragment is neither sent nor
// signed.
struct CallbackRules {
  // What is not named, and what is out of its range, has Twilio's default.
  static CallbackRules Parse(std::string_view url);

  // Whether what came of a delivery is a reason to repeat it; `http_status` 0 for no answer.
  bool Repeats(int http_status, bool connected) const;

  absl::Duration connect = absl::Seconds(5);  // ct
  absl::Duration read = absl::Seconds(15);    // rt
  absl::Duration total = absl::Seconds(15);   // tt
  int retries = 1;                            // rc, 0 to 5
  std::string policy = "ct";                  // rp: of 4xx, 5xx, ct, rt, all
};

}  // namespace latchkey::sandbox::twilio
