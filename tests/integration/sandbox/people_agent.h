// PeopleAgent: an agent for many calls at a time: speaks, listens, and answers what it hears.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/http/server.h"
#include "sandbox/speech/hearing.h"
#include "sandbox/speech/recognizer.h"

namespace latchkey::sandbox {

// Takes status callbacks at /status/NUMBER and media streams at /m/NUMBER. Says its one sentence
// when a stream begins, and again after every utterance that it understood; clears it when spoken
// to. Lives on the test's io thread.
class PeopleAgent final : public http::Handler {
 public:
  // What it saw of the call to one number.
  struct Seen {
    std::vector<std::string> statuses;
    std::string sip_code;
    std::vector<std::string> heard;  // Utterances with words in them.
    std::string digits;
    int said = 0;  // How often it said its sentence.
    bool stopped = false;
  };

  std::vector<uint8_t> speech;
  std::shared_ptr<Recognizer> ears;

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  Seen& seen(const std::string& number) { return seen_[number]; }
  bool over(const std::string& number) { return !seen_[number].sip_code.empty(); }

 private:
  struct Stream;

  Task<void> Follow(Seen& seen, http::Websocket& socket);
  Task<void> OnEvent(const boost::json::value& event, Seen& seen, Stream& stream,
                     http::Websocket& socket);
  Task<void> Listen(std::vector<uint8_t> audio, Seen& seen, Stream& stream,
                    http::Websocket& socket);
  Task<void> Say(Seen& seen, const Stream& stream, http::Websocket& socket);

  std::map<std::string, Seen> seen_;
};

}  // namespace latchkey::sandbox
