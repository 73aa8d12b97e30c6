// Twiml: Twilio's markup, what a call is told to do.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace latchkey::sandbox::twilio {

struct Verb {
  enum class Kind { kConnectStream, kSay, kPause, kRedirect, kHangup, kReject, kDial };

  Kind kind = Kind::kHangup;
  // kSay: the words. kReject: the reason, "rejected" or "busy". kDial: the number.
  std::string text;
  std::string url;   // kConnectStream: wss://…; kRedirect: https://…; kDial: its action, or "".
  std::string name;  // kConnectStream
  std::vector<std::pair<std::string, std::string>> parameters;  // kConnectStream, in order
  absl::Duration length;                                        // kPause; kDial: timeLimit.
  absl::Duration ring;                                          // kDial: timeout.
  std::string caller_id;                                        // kDial
};

// Reads a document of at most 64 kB. Case counts, as at Twilio.
//
//   kInvalidArgument  twiml_12100  not XML, or no <Response>
//   kInvalidArgument  twiml_12200  a verb that is unknown, or that this sandbox does not perform
//   kInvalidArgument  twiml_31920  a stream's URL is not wss, or has a query
absl::StatusOr<std::vector<Verb>> ParseTwiml(std::string_view document);

}  // namespace latchkey::sandbox::twilio
