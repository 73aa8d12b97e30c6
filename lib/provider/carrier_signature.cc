#include "lib/provider/carrier_signature.h"

#include <algorithm>

namespace latchkey::provider {

namespace {

struct Port {
  size_t begin;  // Of ":443"; where it would stand if there is none.
  size_t end;    // begin when there is none.
};

Port FindPort(std::string_view url) {
  const size_t scheme = url.find("://");
  const size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const size_t end = std::min(url.find_first_of("/?", host), url.size());
  // An IPv6 host stands in brackets, with colons in them.
  const size_t bracket = url.substr(host, end - host).rfind(']');
  const size_t from = bracket == std::string_view::npos ? host : host + bracket;
  const size_t colon = url.substr(0, end).find(':', from);
  return {std::min(colon, end), end};
}

std::string WithPort(std::string_view url, Port port, std::string_view text) {
  return std::string(url.substr(0, port.begin)) + std::string(text) +
         std::string(url.substr(port.end));
}

// Sorted by name, then value, without repetitions.
std::string SignedParameters(FormParameters parameters) {
  std::sort(parameters.begin(), parameters.end());
  parameters.erase(std::unique(parameters.begin(), parameters.end()), parameters.end());
  std::string text;
  for (const auto& [name, value] : parameters) text += name + value;
  return text;
}

}  // namespace

std::vector<std::string> TwilioSignedTexts(std::string_view url, const FormParameters& parameters) {
  url = url.substr(0, url.find('#'));
  const std::string tail = SignedParameters(parameters);
  const Port port = FindPort(url);
  std::string_view shown = url.substr(port.begin, port.end - port.begin);
  if (shown.empty()) shown = url.starts_with("https://") ? ":443" : ":80";
  return {WithPort(url, port, "") + tail, WithPort(url, port, shown) + tail};
}

}  // namespace latchkey::provider
