#include "services/media/domain/model_voice.h"

#include <algorithm>

namespace latchkey::media {

void ModelVoice::Begin(std::string_view response, bool unwanted) {
  response_ = response;
  responding_ = true;
  dead_ = unwanted;
  sounded_ = false;
}

void ModelVoice::Open() {
  if (open_) return;
  line_.mouth().Begin();
  items_.clear();
  sent_ = 0;
  open_ = true;
}

bool ModelVoice::Play(std::string_view item, Audio audio) {
  Open();
  if (items_.empty() || items_.back().name != item) {
    items_.push_back({.name = std::string(item), .begin = sent_, .end = sent_});
  }
  sent_ += static_cast<int64_t>(audio.size());
  items_.back().end = sent_;
  line_.mouth().Play(audio, line_.Now());
  const bool first = !sounded_;
  sounded_ = true;
  return first;
}

void ModelVoice::PlayTones(Audio tones) {
  Open();
  sent_ += static_cast<int64_t>(tones.size());
  line_.mouth().Play(tones, line_.Now());
  line_.mouth().End();
}

void ModelVoice::AddWords(std::string_view delta) {
  Open();
  line_.mouth().AddText(delta);
}

void ModelVoice::EndItem(std::string_view item) {
  for (Item& one : items_) one.whole = one.whole || one.name == item;
}

void ModelVoice::End(std::string_view response) {
  if (response != response_) return;
  responding_ = false;
  if (open_ && !dead_) line_.mouth().End();
}

bool ModelVoice::BreakOff() {
  const bool part = sounding() && !items_.empty() && !items_.back().whole;
  if (responding_) End(response_);
  return part;
}

absl::Duration ModelVoice::left() const {
  return ToDuration(std::max<int64_t>(0, line_.mouth().end() - line_.Now()));
}

ModelVoice::Heard ModelVoice::Finish() {
  open_ = false;
  const Mouth& mouth = line_.mouth();
  return {.text = mouth.Heard(line_.Now()),
          .start = mouth.start(),
          .end = mouth.HeardUntil(line_.Now())};
}

std::vector<ModelVoice::Cut> ModelVoice::Hush() {
  dead_ = dead_ || responding_;
  std::vector<Cut> cuts;
  if (!open_) return cuts;
  if (line_.mouth().started()) line_.mouth().Hush(line_.Now());
  const int64_t heard = line_.mouth().HeardSamples(line_.Now());
  for (Item& item : items_) {
    const int64_t of_item = std::clamp<int64_t>(heard - item.begin, 0, item.end - item.begin);
    if (item.whole && of_item == item.end - item.begin) continue;
    cuts.push_back({.item = std::move(item.name), .heard = of_item});
  }
  items_.clear();
  return cuts;
}

}  // namespace latchkey::media
