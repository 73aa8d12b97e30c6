#include "services/media/carriers/twilio_twiml.h"

#include <fmt/format.h>

namespace latchkey::media {
namespace {

std::string Document(std::string_view verbs) {
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>{}</Response>", verbs);
}

}  // namespace

std::string EscapeXml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string ComposeTwilioConnect(std::string_view stream_url, std::string_view apology) {
  // A call that we end is hung up over the API, so that the verb after the stream is reached only
  // when the stream was not to be had, or was lost.
  return Document(fmt::format("<Connect><Stream url=\"{}\"/></Connect><Say>{}</Say><Hangup/>",
                              EscapeXml(stream_url), EscapeXml(apology)));
}

std::string ComposeTwilioSentence(std::string_view sentence) {
  return Document(fmt::format("<Say>{}</Say><Hangup/>", EscapeXml(sentence)));
}

std::string ComposeTwilioHangup() { return Document("<Hangup/>"); }

}  // namespace latchkey::media
