// RandomMessage: requests as an attacker with a certificate would send them.
#pragma once

#include <google/protobuf/message.h>

#include <random>
#include <string>
#include <vector>

namespace latchkey::random_requests {

// A field may say anything: words that the service knows, numbers at the ends of their range, long
// texts. The same seed makes the same requests.
class RandomMessage {
 public:
  RandomMessage(uint64_t seed, std::vector<std::string> words)
      : engine_(seed), words_(std::move(words)) {}

  // The bytes of a request: well formed, or with some of its bytes changed, or noise.
  std::string BytesOf(const google::protobuf::Descriptor& type);

 private:
  size_t Below(size_t bound) { return engine_() % bound; }
  void Fill(google::protobuf::Message& message, int depth);
  void FillField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                 int depth);
  void FillOne(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
               int depth);
  int64_t Number();
  std::string Text();
  std::string Noise(size_t length);
  void Mutate(std::string& bytes);

  std::mt19937_64 engine_;
  const std::vector<std::string> words_;
};

}  // namespace latchkey::random_requests
