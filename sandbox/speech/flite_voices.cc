#include "sandbox/speech/flite_voices.h"

#include <flite/flite.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <mutex>

#include "lib/base/error.h"
#include "sandbox/speech/mulaw.h"
#include "sandbox/speech/telephone_band.h"
#include "sandbox/speech/voice_detector.h"

// flite declares its voices nowhere.
extern "C" {
cst_voice* register_cmu_us_slt(const char* data_folder);
cst_voice* register_cmu_us_awb(const char* data_folder);
cst_voice* register_cmu_us_rms(const char* data_folder);
cst_voice* register_cmu_us_kal16(const char* data_folder);
cst_lexicon* cmulex_init();
}

namespace latchkey::sandbox {
namespace {

constexpr int kFliteHz = 16000;

// flite's own state is global, and so is the lock on it.
std::mutex flite_mutex;

using Register = cst_voice* (*)(const char*);
const std::map<std::string, Register, std::less<>> kVoices = {{"slt", register_cmu_us_slt},
                                                              {"awb", register_cmu_us_awb},
                                                              {"rms", register_cmu_us_rms},
                                                              {"kal16", register_cmu_us_kal16}};

// Registering a voice again gives the same one.
cst_voice* Voice(std::string_view name) {
  static const int initialized = flite_init();
  static_cast<void>(initialized);
  return kVoices.find(name)->second(nullptr);
}

absl::Duration EndOf(const cst_item* word, const char* segment) {
  return absl::Seconds(static_cast<double>(flite_ffeature_float(word, segment)));
}

std::vector<SpokenWord> WordsOf(cst_utterance* utterance) {
  std::vector<SpokenWord> words;
  const cst_item* token = relation_head(utt_relation(utterance, "Token"));
  for (; token != nullptr; token = item_next(token)) {
    const cst_item* first = item_daughter(token);
    if (first == nullptr) continue;
    const cst_item* last = item_last_daughter(token);
    const std::string text =
        std::string(flite_ffeature_string(token, "name")) + flite_ffeature_string(token, "punc");
    words.push_back({text, EndOf(first, "R:SylStructure.daughter1.daughter1.R:Segment.p.end"),
                     EndOf(last, "R:SylStructure.daughtern.daughtern.R:Segment.end")});
  }
  return words;
}

// flite begins and ends with a fifth of a second of silence. Speech services do not, and the time
// until the first word is what is measured here, so little of it is left.
void TrimSilence(Speech& speech) {
  constexpr int kLeadMax = 2, kTailMax = 6;  // Frames of 20 ms.
  const auto frames = static_cast<int>(speech.mulaw.size() / kFrameSamples);
  const auto is_loud = [&](int frame) {
    const size_t at = static_cast<size_t>(frame) * kFrameSamples;
    return VoiceDetector::IsLoud(std::span(speech.mulaw).subspan(at, kFrameSamples));
  };
  int first = 0, end = frames;
  while (first < end && !is_loud(first)) ++first;
  while (end > first && !is_loud(end - 1)) --end;
  if (first == end) return;
  const int lead = std::max(0, first - kLeadMax);
  const int tail = std::min(frames, end + kTailMax);
  const auto begin = speech.mulaw.begin();
  speech.mulaw = std::vector<uint8_t>(begin + lead * kFrameSamples, begin + tail * kFrameSamples);
  const absl::Duration cut = lead * absl::Milliseconds(kFrameMs);
  for (SpokenWord& word : speech.words) {
    word.start = std::max(absl::ZeroDuration(), word.start - cut);
    word.end -= cut;
  }
}

// flite and the CMU dictionary name their phones alike, but for case, stress and the schwa.
std::string PhoneName(std::string phone) {
  std::erase_if(phone, [](unsigned char c) { return std::isdigit(c) != 0; });
  if (phone == "ax") phone = "ah";
  std::ranges::transform(phone, phone.begin(), [](unsigned char c) { return std::toupper(c); });
  return phone;
}

}  // namespace

bool HasFliteVoice(std::string_view voice) { return kVoices.contains(voice); }

absl::StatusOr<Speech> SpeakWithFlite(std::string_view voice, const std::string& text) {
  Speech speech;
  std::vector<int16_t> wide;
  {
    const std::lock_guard lock(flite_mutex);
    cst_voice* const flite_voice = Voice(voice);
    const std::unique_ptr<cst_utterance, decltype(&delete_utterance)> utterance(
        flite_synth_text(text.c_str(), flite_voice), delete_utterance);
    if (utterance == nullptr) return speech;
    const cst_wave* const wave = utt_wave(utterance.get());
    if (wave == nullptr || wave->sample_rate != kFliteHz) {
      return Error(absl::StatusCode::kInternal, "flite_failed", "flite made no 16 kHz speech.");
    }
    wide.assign(wave->samples, wave->samples + wave->num_samples);
    speech.words = WordsOf(utterance.get());
  }
  speech.mulaw = EncodeMulaw(NarrowBand(wide));
  TrimSilence(speech);
  return speech;
}

std::string PronunciationOf(const std::string& word) {
  const std::lock_guard lock(flite_mutex);
  const cst_lexicon* const lexicon = cmulex_init();
  cst_val* const phones = lex_lookup(lexicon, word.c_str(), nullptr, nullptr);
  std::string names;
  for (const cst_val* phone = phones; phone != nullptr; phone = val_cdr(phone)) {
    if (!names.empty()) names += ' ';
    names += PhoneName(val_string(val_car(phone)));
  }
  delete_val(phones);
  return names;
}

}  // namespace latchkey::sandbox
