// Lines: the sentences that the platform itself puts into the agent's mouth.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::media::lines {

inline constexpr std::string_view kApology =
    "I am sorry, we have a technical problem and I have to end this call. Goodbye.";
inline constexpr std::string_view kOneMoment = "One moment, please.";
inline constexpr std::string_view kAreYouThere = "Hello? Are you still there?";
inline constexpr std::string_view kSilenceGoodbye =
    "I can not hear you, so I will hang up now. Goodbye.";
inline constexpr std::string_view kTimeIsUp = "I am sorry, our time is up. Goodbye.";
inline constexpr std::string_view kSayAgain = "I am sorry, could you say that again?";
inline constexpr std::string_view kConnecting = "One moment, I will connect you.";
inline constexpr std::string_view kGoodbye = "Goodbye.";

// In the carrier's voice, to whom a transfer did not connect.
inline constexpr std::string_view kTransferBusy =
    "I am sorry, the line is busy. Please call again in a few minutes. Goodbye.";
inline constexpr std::string_view kTransferNoAnswer =
    "I am sorry, nobody answers there. Please call again later. Goodbye.";
inline constexpr std::string_view kTransferFailed =
    "I am sorry, I could not connect you. Please call again later. Goodbye.";

// In the carrier's voice, to a caller whose call is not taken.
inline constexpr std::string_view kNotInService =
    "The number that you have called is not in service. Goodbye.";
inline constexpr std::string_view kNotReady =
    "This number does not take calls yet. Please try again later. Goodbye.";
inline constexpr std::string_view kNotNow =
    "This number can not take calls at the moment. Please try again later. Goodbye.";
inline constexpr std::string_view kLinesBusy =
    "All lines of this number are busy. Please call again in a few minutes. Goodbye.";
inline constexpr std::string_view kAllBusy =
    "We have more calls than we can take right now. Please call again in a few minutes. Goodbye.";

// How a realtime model is told to say one of them, or a first message, in its own voice.
inline std::string Dictate(std::string_view line) {
  return "Say exactly: \"" + std::string(line) + "\"";
}

}  // namespace latchkey::media::lines
