// SpokenText: which of the agent's words belong to which samples of its audio.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::media {

// The text of one utterance, in the pieces that were given to TTS, and where each word stands in
// the audio. Where TTS gives no word times, the audio is shared out in proportion to the text.
class SpokenText {
 public:
  void Reset();

  void AddPiece(std::string_view piece) { text_ += piece; }

  // The next word that TTS speaks, from `start` to `end` in samples. A word that is not found in
  // the text, because TTS normalised it ("29" to "twenty-nine"), is passed over.
  void AddWord(std::string_view word, int64_t end);

  void AddAudio(int64_t samples) { samples_ += samples; }

  // Every piece has been spoken: the audio is all there.
  void Complete() { complete_ = true; }

  // The words that were spoken to their end within the first `samples`.
  std::string Heard(int64_t samples) const;

  // What Heard leaves out.
  std::string Unheard(int64_t samples) const;

  // What has been given to TTS but has no audio yet, to be spoken again after a broken connection.
  std::string Unspoken() const { return Unheard(samples_); }

  const std::string& text() const { return text_; }
  int64_t samples() const { return samples_; }

 private:
  struct Word {
    size_t text_end = 0;
    int64_t end = 0;
  };
  size_t HeardSize(int64_t samples) const;

  std::string text_;
  std::vector<Word> words_;
  int64_t samples_ = 0;
  bool complete_ = false;
};

}  // namespace latchkey::media
