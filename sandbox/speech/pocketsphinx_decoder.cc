#include "sandbox/speech/pocketsphinx_decoder.h"

// pocketsphinx.h comes first: its parts do not stand alone.
#include <pocketsphinx/pocketsphinx.h>
#include <sphinxbase/cmd_ln.h>
#include <sphinxbase/cmn.h>
#include <sphinxbase/err.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "lib/base/error.h"
#include "sandbox/scenario/scenario.h"
#include "sandbox/speech/flite_voices.h"
#include "sandbox/speech/mulaw.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {
namespace {

constexpr char kModel[] = "/usr/share/pocketsphinx/model/en-us/en-us";
constexpr char kDictionary[] = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";
constexpr absl::Duration kDecoderFrame = absl::Milliseconds(10);

// What the decoder takes off its features, for the channel and the voice (cepstral mean). It learns
// this as it hears; begun anew with what it learnt of our telephone voices, an utterance is not
// judged by what the one before it was, noise perhaps.
constexpr std::array<mfcc_t, 13> kTelephoneMean = {47.5F,  12, -6, 38, -9, 7, 8,
                                                   -19.5F, 0,  -9, 4,  7,  -3};

// A grammar always finds its nearest sentence, in noise and in other speech too. Three things tell
// a real find from such a one; the figures were measured on four voices at 8 kHz mu-law.
// How far the words lie, per 10 ms, behind the best that the model could say of that time, in
// pocketsphinx's log units: 38 to 46 for voice rms, 54 to 71 for kal16; other sentences 68 to 90.
constexpr double kDeficitMax = 73;
// How much of the loud time the words explain, more than all with their soft parts: 0.89 to 1.47.
// Of other sentences with a deficit so small, at most 0.72; of three seconds of noise, 0.2.
constexpr double kCoverageMin = 0.8;
// A letter of a real word takes 49 to 99 ms; of a word that is stretched over a tone, 160 to 260.
constexpr double kLetterMsMax = 140;

// Teaches the decoder the words that its dictionary lacks.
bool TeachWords(ps_decoder_t* decoder, const UtteranceGrammar& grammar) {
  for (const std::string& word : grammar.Words()) {
    char* const known = ps_lookup_word(decoder, word.c_str());
    const bool missing = known == nullptr;
    ckd_free(known);
    if (!missing) continue;
    if (ps_add_word(decoder, word.c_str(), PronunciationOf(word).c_str(), 1) < 0) return false;
  }
  return true;
}

absl::Status NoModel(std::string_view message) {
  return Error(absl::StatusCode::kFailedPrecondition, "no_speech_model", message);
}

std::vector<std::string> SplitAtSpaces(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> parts;
  for (std::string part; stream >> part;) parts.push_back(part);
  return parts;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PocketsphinxDecoder>> PocketsphinxDecoder::Make(
    const UtteranceGrammar& grammar) {
  err_set_logfp(nullptr);
  cmd_ln_t* const config =
      cmd_ln_init(nullptr, ps_args(), 1, "-hmm", kModel, "-dict", kDictionary, "-beam", "1e-120",
                  "-wbeam", "1e-80", "-pbeam", "1e-120", "-compallsen", "yes", nullptr);
  if (config == nullptr) return NoModel("pocketsphinx refused its settings.");
  ps_decoder_t* const decoder = ps_init(config);
  cmd_ln_free_r(config);
  if (decoder == nullptr) {
    return NoModel("pocketsphinx has no American English model. Install pocketsphinx-en-us.");
  }
  // The destructor frees it from here on, whatever fails.
  std::unique_ptr<PocketsphinxDecoder> made(new PocketsphinxDecoder(decoder, grammar));
  if (!TeachWords(decoder, grammar)) return NoModel("pocketsphinx did not take a word.");
  const bool set = ps_set_jsgf_string(decoder, "callees", grammar.Jsgf().c_str()) == 0 &&
                   ps_set_search(decoder, "callees") == 0;
  if (!set) return NoModel("pocketsphinx did not take the callees' grammar.");
  return made;
}

PocketsphinxDecoder::~PocketsphinxDecoder() { ps_free(decoder_); }

void PocketsphinxDecoder::Begin() {
  wide_band_ = WideBand();
  loud_ms_ = 0;
  cmn_live_set(ps_get_feat(decoder_)->cmn_struct, kTelephoneMean.data());
  ps_start_stream(decoder_);
  ps_start_utt(decoder_);
}

void PocketsphinxDecoder::Push(std::span<const uint8_t> mulaw) {
  for (size_t at = 0; at < mulaw.size(); at += kFrameSamples) {
    const auto frame = mulaw.subspan(at, std::min<size_t>(kFrameSamples, mulaw.size() - at));
    if (VoiceDetector::IsLoud(frame)) loud_ms_ += kFrameMs;
  }
  const std::vector<int16_t> wide = wide_band_.Push(DecodeMulaw(mulaw));
  ps_process_raw(decoder_, wide.data(), wide.size(), 0, 0);
}

Recognized PocketsphinxDecoder::SoFar() const {
  constexpr double kGuess = 0.5;
  Recognized recognized;
  recognized.words = BestPath().words;
  for (const RecognizedWord& word : recognized.words) {
    recognized.text += (recognized.text.empty() ? "" : " ") + word.text;
  }
  recognized.confidence = recognized.text.empty() ? 0 : kGuess;
  return recognized;
}

Recognized PocketsphinxDecoder::End() {
  ps_end_utt(decoder_);
  return Hypothesis();
}

// Walks over the best path and adds up what the words, not the silences, cost and last.
PocketsphinxDecoder::Path PocketsphinxDecoder::BestPath() const {
  Path path;
  for (ps_seg_t* part = ps_seg_iter(decoder_); part != nullptr; part = ps_seg_next(part)) {
    const std::string_view name = ps_seg_word(part);
    if (name.starts_with('<') || name.starts_with('(') || name.starts_with('[')) continue;
    int first = 0, last = 0;
    ps_seg_frames(part, &first, &last);
    int32 acoustic = 0, language = 0, backoff = 0;
    ps_seg_prob(part, &acoustic, &language, &backoff);
    path.deficit -= acoustic;
    path.frames += last - first + 1;
    // "read(2)" is the second pronunciation of "read".
    const std::string text(name.substr(0, name.find('(')));
    path.words.push_back({text, text, first * kDecoderFrame, (last + 1) * kDecoderFrame});
  }
  return path;
}

Recognized PocketsphinxDecoder::Hypothesis() const {
  int32 score = 0;
  const char* const hypothesis = ps_get_hyp(decoder_, &score);
  if (hypothesis == nullptr) return {};
  Recognized recognized;
  recognized.text = grammar_.Written(hypothesis);
  Path path = BestPath();
  if (recognized.text.empty() || path.frames == 0) return {};

  const auto milliseconds = static_cast<double>(10 * path.frames);
  const double deficit = static_cast<double>(path.deficit) / static_cast<double>(path.frames);
  const double coverage = milliseconds / static_cast<double>(std::max(1, loud_ms_));
  const double letter_ms = milliseconds / static_cast<double>(std::string_view(hypothesis).size());
  const bool found =
      deficit <= kDeficitMax && coverage >= kCoverageMin && letter_ms <= kLetterMsMax;
  if (!found) return {};

  const std::vector<std::string> punctuated = SplitAtSpaces(recognized.text);
  for (size_t i = 0; i < std::min(path.words.size(), punctuated.size()); ++i) {
    path.words[i].punctuated = punctuated[i];
  }
  recognized.words = std::move(path.words);
  recognized.confidence = std::clamp(1.0 - deficit / (4 * kDeficitMax), 0.0, 1.0);
  return recognized;
}

}  // namespace latchkey::sandbox
