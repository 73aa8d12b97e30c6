// Transfer: what the carrier says of connecting the person on the phone with somebody else, and
// what follows from it for the record and for the person.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::media {

enum class TransferResult {
  kConnected,  // They have spoken, and finished.
  kBusy,
  kNoAnswer,
  kFailed,  // There is no such number, or no way to it.
  kHungUp,  // The person did not wait.
};

// One of reasons.h, as for a call that we placed.
std::string_view TransferReason(TransferResult result);
// For people: what has become of the transfer to `name`, such as "front_desk".
std::string TransferMessage(TransferResult result, std::string_view name);
// What the carrier says, with a voice of its own, to the person who is still there; "": nothing.
std::string_view TransferSentence(TransferResult result);

}  // namespace latchkey::media
