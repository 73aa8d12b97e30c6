// Twilio's markup, as far as we speak it: what becomes of an inbound call.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::media {

std::string EscapeXml(std::string_view text);

// Opens the media stream. If that is refused or breaks, the caller hears `apology`.
std::string ComposeTwilioConnect(std::string_view stream_url, std::string_view apology);
// Says `sentence` with the carrier's own voice, and hangs up.
std::string ComposeTwilioSentence(std::string_view sentence);
std::string ComposeTwilioHangup();

}  // namespace latchkey::media
