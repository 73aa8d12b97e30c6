// ModelVoice: what a realtime model says, on its way to the callee.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/media/domain/phone_line.h"

namespace latchkey::media {

// The model speaks far ahead of the callee's ear, so most of what it has said can still be taken
// back. An utterance is what is heard without a pause, of one response or several. What comes for a
// response that was hushed is told by its name, and dropped. A rule: no socket in it.
class ModelVoice {
 public:
  // Of an item no more than this was heard.
  struct Cut {
    std::string item;
    int64_t heard = 0;  // Samples.
  };
  // What was heard, and where on the carrier's clock.
  struct Heard {
    std::string text;
    int64_t start = 0;
    int64_t end = 0;
  };

  explicit ModelVoice(PhoneLine& line) : line_(line) {}

  // A response begins. `unwanted`: nothing of it shall be heard.
  void Begin(std::string_view response, bool unwanted);
  bool live(std::string_view response) const { return !dead_ && response == response_; }
  // These are for a live response. True: the first audio of it.
  bool Play(std::string_view item, Audio audio);
  void AddWords(std::string_view delta);
  void EndItem(std::string_view item);
  // An utterance without words, between responses.
  void PlayTones(Audio tones);
  // Nothing follows for the response.
  void End(std::string_view response);

  // The model is at it, whether or not somebody listens.
  bool responding() const { return responding_; }
  // The response under way has been heard, in part at least.
  bool sounding() const { return responding_ && !dead_ && sounded_; }
  // The connection is gone. True: in the middle of something that was being said.
  bool BreakOff();

  // Something has been said that is not over yet.
  bool speaking() const { return open_; }
  // All of it has been heard.
  bool finished() const { return open_ && (!responding_ || dead_) && Drained(); }
  // How much longer it sounds.
  absl::Duration left() const;
  // Closes an utterance that is finished.
  Heard Finish();
  // Stops at once and for good; also what the response has not said yet. Finish() tells the rest.
  std::vector<Cut> Hush();

 private:
  struct Item {
    std::string name;
    int64_t begin = 0;  // In samples of the utterance.
    int64_t end = 0;
    bool whole = false;  // The model has given all of it.
  };

  bool Drained() const { return line_.mouth().Finished(line_.Now()); }
  void Open();

  PhoneLine& line_;
  std::string response_;
  bool responding_ = false;
  bool dead_ = false;
  bool sounded_ = false;
  bool open_ = false;
  int64_t sent_ = 0;  // Of the utterance.
  std::vector<Item> items_;
};

}  // namespace latchkey::media
