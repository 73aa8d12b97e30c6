// What is particular about Twilio in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

struct TwilioQuirks {
  // The account resource shows the Auth Token in clear.
  bool echo_auth_token = true;
  // `clear` gives back every mark that waits, as if it had been heard; else they are lost.
  bool clear_returns_marks = true;

  // Callbacks: how late the one of each event ("initiated", "ringing", "answered", "completed") is
  // sent. One that is later than the next one's comes out of order, or after the call has ended.
  std::map<std::string, absl::Duration, std::less<>> callback_delays;
  int callback_copies = 1;  // So often each is sent, word for word.
  int webhook_copies = 1;   // So often the TwiML of one call is asked for; the last answer counts.

  // Media messages: so many bytes in the first, the second …, and from the beginning again.
  std::vector<int> chunk_bytes = {160};
  absl::Duration stop_delay;  // From the end of the call to the stream's `stop`.
  // The stream is cut so long after its start, without a `stop`; zero is never.
  absl::Duration stream_max;
  // No call is longer, whatever was ordered: a trial's calls end after ten minutes.
  absl::Duration call_max = absl::Hours(4);

  // So many orders are carried out, but their answers are lost: the connection just ends.
  int lost_answers = 0;

  absl::Duration CallbackDelay(std::string_view event) const;
};

// A scenario's "quirks.twilio". What is wrong with it comes into `error`.
TwilioQuirks ReadTwilioQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error);

}  // namespace latchkey::sandbox
