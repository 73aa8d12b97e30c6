// Deepgram's query: what a streaming client asks for, and what is refused with it.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "lib/http/form.h"

namespace latchkey::sandbox {

struct ListenOptions {
  absl::Duration pause = absl::Milliseconds(10);        // `endpointing`
  absl::Duration utterance_end = absl::ZeroDuration();  // `utterance_end_ms`; zero sends none.
  bool vad_events = false;
  bool interim_results = false;
};

// What is wrong with the query, as the API says it in `dg-error`; "" when nothing is.
std::string WrongWithListen(const http::Form& query);

// Of a query that is right.
ListenOptions ReadListen(const http::Form& query);

// The model that is asked for; "" is the API's own choice.
std::string ListenModel(const http::Form& query);

}  // namespace latchkey::sandbox
