#include "tests/security/random_requests/random_message.h"

#include <google/protobuf/descriptor.h>

#include <limits>
#include <memory>

namespace latchkey::random_requests {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

constexpr int kDepthMax = 5;
constexpr size_t kLongText = 20'000;

}  // namespace

std::string RandomMessage::BytesOf(const google::protobuf::Descriptor& type) {
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
  const size_t kind = Below(10);
  if (kind == 0) return Noise(Below(200));
  Fill(*message, 0);
  std::string bytes = message->SerializePartialAsString();
  if (kind <= 3) Mutate(bytes);
  return bytes;
}

void RandomMessage::Fill(Message& message, int depth) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (Below(4) != 0) FillField(message, *type.field(i), depth);
  }
}

void RandomMessage::FillField(Message& message, const FieldDescriptor& field, int depth) {
  if (depth >= kDepthMax && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return;
  const size_t count = field.is_repeated() ? Below(4) : 1;
  for (size_t i = 0; i < count; ++i) FillOne(message, field, depth);
}

void RandomMessage::FillOne(Message& message, const FieldDescriptor& field, int depth) {
  const google::protobuf::Reflection& to = *message.GetReflection();
  const bool add = field.is_repeated();
  const auto number = Number();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      Fill(add ? *to.AddMessage(&message, &field) : *to.MutableMessage(&message, &field),
           depth + 1);
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      if (add) return to.AddString(&message, &field, Text());
      return to.SetString(&message, &field, Text());
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int value = static_cast<int>(Below(3) == 0 ? number : static_cast<int64_t>(Below(8)));
      if (add) return to.AddEnumValue(&message, &field, value);
      return to.SetEnumValue(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (add) return to.AddBool(&message, &field, Below(2) == 0);
      return to.SetBool(&message, &field, Below(2) == 0);
    case FieldDescriptor::CPPTYPE_INT32:
      if (add) return to.AddInt32(&message, &field, static_cast<int32_t>(number));
      return to.SetInt32(&message, &field, static_cast<int32_t>(number));
    case FieldDescriptor::CPPTYPE_INT64:
      if (add) return to.AddInt64(&message, &field, number);
      return to.SetInt64(&message, &field, number);
    case FieldDescriptor::CPPTYPE_UINT32:
      if (add) return to.AddUInt32(&message, &field, static_cast<uint32_t>(number));
      return to.SetUInt32(&message, &field, static_cast<uint32_t>(number));
    case FieldDescriptor::CPPTYPE_UINT64:
      if (add) return to.AddUInt64(&message, &field, static_cast<uint64_t>(number));
      return to.SetUInt64(&message, &field, static_cast<uint64_t>(number));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      if (add) return to.AddDouble(&message, &field, static_cast<double>(number));
      return to.SetDouble(&message, &field, static_cast<double>(number));
    case FieldDescriptor::CPPTYPE_FLOAT:
      if (add) return to.AddFloat(&message, &field, static_cast<float>(number));
      return to.SetFloat(&message, &field, static_cast<float>(number));
  }
}

int64_t RandomMessage::Number() {
  constexpr int64_t kEdges[] = {0,
                                1,
                                -1,
                                2,
                                100,
                                86'400,
                                std::numeric_limits<int32_t>::max(),
                                std::numeric_limits<int32_t>::min(),
                                std::numeric_limits<int64_t>::max(),
                                std::numeric_limits<int64_t>::min(),
                                253'402'300'799,   // The last second of a Timestamp.
                                -62'135'596'800};  // And the first one.
  if (Below(4) == 0) return static_cast<int64_t>(engine_());
  return kEdges[Below(std::size(kEdges))];
}

// Valid UTF-8, or gRPC refuses the request before a service sees it; noise is Mutate's part.
std::string RandomMessage::Text() {
  const size_t kind = Below(10);
  if (kind < 6 && !words_.empty()) {
    std::string word = words_[Below(words_.size())];
    if (Below(6) == 0 && !word.empty())
      word[Below(word.size())] = static_cast<char>('!' + Below(90));
    return word;
  }
  if (kind == 6) return "";
  if (kind == 7) return std::string(Below(kLongText), static_cast<char>('0' + Below(75)));
  if (kind == 8) return "\xf0\x9f\x94\x91 \xe2\x80\xae\xc2\xa0'; DROP TABLE key; --\n\\x00%00\x01";
  std::string text;
  for (size_t i = Below(64); i > 0; --i) text += static_cast<char>(1 + Below(126));
  return text;
}

std::string RandomMessage::Noise(size_t length) {
  std::string bytes(length, '\0');
  for (char& byte : bytes) byte = static_cast<char>(engine_());
  return bytes;
}

void RandomMessage::Mutate(std::string& bytes) {
  for (size_t i = 1 + Below(4); i > 0 && !bytes.empty(); --i) {
    const size_t at = Below(bytes.size());
    switch (Below(4)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
        break;
      case 1:
        bytes.resize(at);
        break;
      case 2:
        bytes.insert(at, Noise(Below(16)));
        break;
      default:
        bytes += bytes.substr(at);
        break;
    }
  }
}

}  // namespace latchkey::random_requests
