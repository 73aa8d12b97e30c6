// What is particular about Exotel in a scenario: its documents contradict each other, and its
// streams were seen to do either.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

struct ExotelQuirks {
  enum class Case {
    kSnake,  // stream_sid: the reference's.
    kCamel,  // streamSid: Connect Voice AI's samples.
    kMixed,  // camelCase in start, snake_case afterwards.
  };
  enum class Numbers { kText, kNumber, kMixed };  // "8", 8, or one in some places and the other.

  Case key_case = Case::kSnake;
  Numbers numbers = Numbers::kText;
  std::string sample_rate;          // Of start, in place of "8000": "8kHz", "8000Hz".
  std::string encoding = "base64";  // Of start; "raw", "audio/x-raw". It is always PCM16.
  bool ids_at_top_only = false;     // `start` has no ids of its own.
  bool local_numbers = true;        // "09812345678" for "+919812345678".
  absl::Duration chunk = absl::Milliseconds(100);  // Of audio, in each media message.

  bool clear_returns_marks = true;  // Not documented.
  absl::Duration stream_max = absl::Minutes(60);
  absl::Duration stop_delay;  // From the end of the call to the stream's `stop`.

  bool callback_numbers_as_text = false;  // "95" for 95 in JSON.
  std::string answered_by = "Human";      // Of callbacks; "HUMAN" was seen.
  int callback_copies = 1;
  absl::Duration callback_delay;                     // Of every callback.
  absl::Duration callback_retry = absl::Minutes(5);  // To the first of two repetitions.
  absl::Duration settle_delay = absl::Minutes(2);    // Until Duration and Price are known.
  bool empty_401 = false;                            // A gateway's 401, without a body.
};

// A scenario's "quirks.exotel". What is wrong with it comes into `error`.
ExotelQuirks ReadExotelQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error);

}  // namespace latchkey::sandbox
