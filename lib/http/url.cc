#include "lib/http/url.h"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <optional>
#include <string>

#include "lib/base/error.h"
#include "lib/http/percent.h"

namespace latchkey::http {

namespace {

absl::Status MalformedUrl(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, "malformed_url", message);
}

absl::Status MalformedTarget(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, "malformed_target", message);
}

// 0 for a scheme that is none of ours.
uint16_t DefaultPort(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return 80;
  if (scheme == "https" || scheme == "wss") return 443;
  return 0;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

absl::StatusOr<Url> Url::Parse(std::string_view text) {
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return MalformedUrl("The address is not a URL such as https://host:port/path.");
  const boost::urls::url_view& view = *parsed;
  Url url;
  url.scheme_ = LowerCase({view.scheme().data(), view.scheme().size()});
  if (DefaultPort(url.scheme_) == 0) {
    return MalformedUrl("The scheme of the address must be http, https, ws or wss.");
  }
  if (view.has_userinfo()) return MalformedUrl("The address must not contain a user or password.");
  if (view.has_fragment()) return MalformedUrl("The address must not have a part behind '#'.");
  // An escape could put a line break, say, into the Host header; names and addresses need none.
  if (view.encoded_host_address().find('%') != std::string_view::npos) {
    return MalformedUrl("The host of the address must not contain '%'.");
  }
  url.host_ = LowerCase(std::string(view.host_address()));
  if (url.host_.empty()) return MalformedUrl("The address has no host.");
  const std::string port(view.port());
  const int number = port.empty() || port.size() > 5 ? 0 : std::stoi(port);
  if (view.has_port() && (number == 0 || number > 65535)) {
    return MalformedUrl("The port of the address must be 1 to 65535.");
  }
  url.port_ = view.has_port() ? static_cast<uint16_t>(number) : DefaultPort(url.scheme_);
  url.target_ = std::string(view.encoded_target().data(), view.encoded_target().size());
  if (url.target_.empty() || url.target_[0] != '/') url.target_.insert(0, "/");
  return url;
}

std::string Url::Authority() const {
  const bool v6 = host_.find(':') != std::string::npos;
  const std::string host = v6 ? fmt::format("[{}]", host_) : host_;
  return port_ == DefaultPort(scheme_) ? host : fmt::format("{}:{}", host, port_);
}

std::string Url::Origin() const {
  return fmt::format("{}://{}:{}", secure() ? "https" : "http", host_, port_);
}

std::string Url::Text() const { return fmt::format("{}://{}{}", scheme_, Authority(), target_); }

Url Url::At(std::string_view path, const Form& query) const {
  Url url = *this;
  url.target_.resize(std::min(url.target_.size(), url.target_.find('?')));
  while (!url.target_.empty() && url.target_.back() == '/') url.target_.pop_back();
  url.target_ += path;
  if (url.target_.empty()) url.target_ = "/";
  if (query.size() > 0) url.target_ += '?' + query.Encode();
  return url;
}

Url Url::AsWebsocket() const {
  Url url = *this;
  url.scheme_ = secure() ? "wss" : "ws";
  return url;
}

absl::StatusOr<Target> ParseTarget(std::string_view text) {
  if (text.empty() || text[0] != '/') return MalformedTarget("The path must start with '/'.");
  Target target;
  const size_t question = text.find('?');
  target.path = std::string(text.substr(0, question));
  std::string_view rest = std::string_view(target.path).substr(1);
  while (!rest.empty()) {
    const size_t slash = rest.find('/');
    std::optional<std::string> segment = PercentDecode(rest.substr(0, slash), false);
    if (!segment) return MalformedTarget("The path has a %-escape that is not two hex digits.");
    if (*segment == "." || *segment == "..") {
      return MalformedTarget("The path must not contain '.' or '..' segments.");
    }
    target.segments.push_back(std::move(*segment));
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  }
  if (question == std::string_view::npos) return target;
  absl::StatusOr<Form> query = Form::Parse(text.substr(question + 1));
  if (!query.ok()) return MalformedTarget(Message(query.status()));
  target.query = *std::move(query);
  return target;
}

}  // namespace latchkey::http
