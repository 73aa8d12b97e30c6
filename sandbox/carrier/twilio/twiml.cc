#include "sandbox/carrier/twilio/twiml.h"

#include <fmt/format.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "lib/base/error.h"

namespace latchkey::sandbox::twilio {
namespace {

using Tree = boost::property_tree::ptree;

constexpr size_t kDocumentBytesMax = 64 * 1024;

absl::Status Bad(std::string_view reason, std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reason, message);
}

std::string Attribute(const Tree& element, const char* name) {
  return element.get<std::string>(std::string("<xmlattr>.") + name, "");
}

absl::StatusOr<Tree> ParseXml(std::string_view document) {
  if (document.size() > kDocumentBytesMax) return Bad("twiml_12100", "TwiML exceeds 64 kB.");
  std::istringstream stream{std::string(document)};
  Tree tree;
  // The library throws; nothing of that leaves this function.
  try {
    boost::property_tree::read_xml(stream, tree,
                                   boost::property_tree::xml_parser::no_comments |
                                       boost::property_tree::xml_parser::trim_whitespace);
  } catch (const boost::property_tree::xml_parser_error&) {
    return Bad("twiml_12100", "The TwiML is not XML.");
  }
  return tree;
}

absl::StatusOr<Verb> ParseConnect(const Tree& connect) {
  const auto stream = connect.get_child_optional("Stream");
  if (!stream) return Bad("twiml_12200", "<Connect> without <Stream> is not performed here.");
  Verb verb;
  verb.kind = Verb::Kind::kConnectStream;
  verb.url = Attribute(*stream, "url");
  verb.name = Attribute(*stream, "name");
  const bool good = verb.url.starts_with("wss://") && verb.url.find('?') == std::string::npos;
  if (!good) return Bad("twiml_31920", "A stream's URL is wss:// and has no query.");
  for (const auto& [name, child] : *stream) {
    if (name != "Parameter") continue;
    verb.parameters.emplace_back(Attribute(child, "name"), Attribute(child, "value"));
  }
  return verb;
}

absl::StatusOr<Verb> ParseDial(const Tree& dial) {
  Verb verb;
  verb.kind = Verb::Kind::kDial;
  verb.text = dial.get<std::string>("Number", dial.data());
  verb.url = Attribute(dial, "action");
  verb.caller_id = Attribute(dial, "callerId");
  verb.ring = absl::Seconds(dial.get<int>("<xmlattr>.timeout", 30));
  verb.length = absl::Seconds(dial.get<int>("<xmlattr>.timeLimit", 14'400));
  if (!verb.text.starts_with('+')) return Bad("twiml_13223", "<Dial> dials E.164 numbers here.");
  return verb;
}

absl::StatusOr<Verb> ParseVerb(const std::string& name, const Tree& element) {
  Verb verb;
  verb.text = element.data();
  if (name == "Connect") return ParseConnect(element);
  if (name == "Dial") return ParseDial(element);
  if (name == "Say") {
    verb.kind = Verb::Kind::kSay;
  } else if (name == "Pause") {
    verb.kind = Verb::Kind::kPause;
    verb.length = absl::Seconds(element.get<int>("<xmlattr>.length", 1));
  } else if (name == "Redirect") {
    verb.kind = Verb::Kind::kRedirect;
    verb.url = element.data();
  } else if (name == "Hangup") {
    verb.kind = Verb::Kind::kHangup;
  } else if (name == "Reject") {
    verb.kind = Verb::Kind::kReject;
    verb.text = element.get<std::string>("<xmlattr>.reason", "rejected");
  } else {
    return Bad("twiml_12200", fmt::format("<{}> is not performed here.", name));
  }
  return verb;
}

}  // namespace

absl::StatusOr<std::vector<Verb>> ParseTwiml(std::string_view document) {
  absl::StatusOr<Tree> tree = ParseXml(document);
  if (!tree.ok()) return tree.status();
  const auto response = tree->get_child_optional("Response");
  if (!response) return Bad("twiml_12100", "The TwiML has no <Response>.");
  std::vector<Verb> verbs;
  for (const auto& [name, element] : *response) {
    if (name == "<xmlattr>") continue;
    absl::StatusOr<Verb> verb = ParseVerb(name, element);
    if (!verb.ok()) return verb.status();
    verbs.push_back(*std::move(verb));
  }
  return verbs;
}

}  // namespace latchkey::sandbox::twilio
