// PocketsphinxDecoder: one decoder of pocketsphinx with one grammar.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/speech/recognizer.h"
#include "sandbox/speech/telephone_band.h"
#include "sandbox/speech/utterance_grammar.h"

struct ps_decoder_s;

namespace latchkey::sandbox {

// Used by one thread at a time. Each call takes time: about a twentieth of what the audio lasts.
class PocketsphinxDecoder {
 public:
  // Loads the American English model of the package pocketsphinx-en-us: a tenth of a second.
  // kFailedPrecondition `no_speech_model` when it is not installed.
  static absl::StatusOr<std::unique_ptr<PocketsphinxDecoder>> Make(const UtteranceGrammar& grammar);

  PocketsphinxDecoder(const PocketsphinxDecoder&) = delete;
  PocketsphinxDecoder& operator=(const PocketsphinxDecoder&) = delete;
  ~PocketsphinxDecoder();

  // One utterance: its beginning, its audio, a guess of the words so far, and what was said in it:
  // nothing if it was noise, or speech that the grammar does not know.
  void Begin();
  void Push(std::span<const uint8_t> mulaw);
  Recognized SoFar() const;
  Recognized End();

 private:
  PocketsphinxDecoder(ps_decoder_s* decoder, const UtteranceGrammar& grammar)
      : decoder_(decoder), grammar_(grammar) {}

  struct Path {
    std::vector<RecognizedWord> words;
    int64_t deficit = 0;
    int64_t frames = 0;  // Of 10 ms, in which words are spoken.
  };
  Path BestPath() const;
  Recognized Hypothesis() const;

  ps_decoder_s* decoder_;  // Owned.
  UtteranceGrammar grammar_;
  WideBand wide_band_;
  int loud_ms_ = 0;  // Of this utterance.
};

}  // namespace latchkey::sandbox
