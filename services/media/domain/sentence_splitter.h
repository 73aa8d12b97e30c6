// SentenceSplitter: cuts the LLM's text into sentences while it is being written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace latchkey::media {

// Pieces keep every space, since TTS joins them as they are: together they are the text again.
class SentenceSplitter {
 public:
  void Reset() { buffer_.clear(), scanned_ = 0; }

  void Add(std::string_view delta) { buffer_ += delta; }

  // The next whole sentence; nothing while its end is not certain. Call it until it gives nothing.
  std::optional<std::string> Next();

  // What is not given yet.
  std::string_view waiting() const { return buffer_; }

  // What is left when the LLM has written all; may be empty.
  std::string Rest();

 private:
  std::string Take(size_t size);

  std::string buffer_;
  size_t scanned_ = 0;  // No sentence ends before this.
};

}  // namespace latchkey::media
