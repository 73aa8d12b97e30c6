#include "lib/http/message_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <limits>

#include "lib/base/error.h"
#include "lib/secret/wiped_text.h"

namespace latchkey::http {

namespace asio = boost::asio;
namespace beast = boost::beast::http;
using boost::system::error_code;

namespace {

absl::Status Translate(const error_code& error) {
  if (error == beast::error::header_limit) {
    return Error(absl::StatusCode::kResourceExhausted, "head_too_large",
                 "The head of the message is longer than is accepted.");
  }
  if (error == beast::error::body_limit) {
    return Error(absl::StatusCode::kResourceExhausted, "body_too_large",
                 "The body of the message is longer than is accepted.");
  }
  return Error(absl::StatusCode::kUnavailable, "unreachable",
               "The other side broke off, or does not speak HTTP/1.1. Try again.");
}

}  // namespace

class MessageParser::Face {
 public:
  virtual ~Face() = default;
  virtual absl::StatusOr<size_t> Feed(std::string_view bytes) = 0;
  virtual absl::Status FeedEnd() = 0;
  virtual bool Started() const = 0;
  virtual bool HeadDone() const = 0;
  virtual bool Done() const = 0;
  virtual int Status() const = 0;
  virtual std::string Method() const = 0;
  virtual std::string Target() const = 0;
  virtual Headers Fields() const = 0;
  virtual bool KeepAlive() const = 0;
  virtual bool Upgrade() const = 0;
  virtual bool ExpectsContinue() const = 0;
  virtual size_t BodySize() const = 0;
  virtual secret::WipedText TakeBody() = 0;
};

template <bool kRequest>
class MessageParser::Beast final : public Face {
 public:
  Beast(const ParserLimits& limits, bool skip_body) {
    parser_.header_limit(static_cast<uint32_t>(limits.head_bytes_max));
    parser_.body_limit(limits.body_bytes_max);
    parser_.skip(skip_body);
  }

  absl::StatusOr<size_t> Feed(std::string_view bytes) override {
    size_t used = 0;
    while (used < bytes.size() && !parser_.is_done()) {
      if (IsLastChunkLine(bytes.substr(used))) break;
      const bool head_was_done = parser_.is_header_done();
      error_code error;
      const size_t taken = parser_.put(asio::buffer(bytes.substr(used)), error);
      used += taken;
      if (error == beast::error::need_more) break;
      if (error) return Translate(error);
      if (!head_was_done && parser_.is_header_done()) break;
      if (taken == 0) break;
    }
    return used;
  }

  absl::Status FeedEnd() override {
    if (!parser_.got_some()) return Translate(beast::error::end_of_stream);
    error_code error;
    parser_.put_eof(error);
    return error ? Translate(error) : absl::OkStatus();
  }

  bool Started() const override { return parser_.got_some(); }
  bool HeadDone() const override { return parser_.is_header_done(); }
  bool Done() const override { return parser_.is_done(); }

  int Status() const override {
    if constexpr (kRequest) {
      return 0;
    } else {
      return static_cast<int>(parser_.get().result_int());
    }
  }
  std::string Method() const override {
    if constexpr (kRequest) {
      return std::string(parser_.get().method_string());
    } else {
      return {};
    }
  }
  std::string Target() const override {
    if constexpr (kRequest) {
      return std::string(parser_.get().target());
    } else {
      return {};
    }
  }

  Headers Fields() const override {
    Headers headers;
    for (const auto& field : parser_.get()) {
      headers.Add({field.name_string().data(), field.name_string().size()},
                  {field.value().data(), field.value().size()});
    }
    return headers;
  }

  bool KeepAlive() const override { return parser_.keep_alive(); }
  bool Upgrade() const override {
    if constexpr (kRequest) {
      return boost::beast::websocket::is_upgrade(parser_.get());
    } else {
      return false;
    }
  }
  bool ExpectsContinue() const override {
    return EqualNoCase(std::string_view(parser_.get()[beast::field::expect]), "100-continue");
  }

  size_t BodySize() const override { return parser_.get().body().size(); }
  secret::WipedText TakeBody() override { return std::exchange(parser_.get().body(), {}); }

 private:
  using Body =
      beast::basic_string_body<char, std::char_traits<char>, secret::WipingAllocator<char>>;

  // An empty chunk's line alone makes Beast 1.74 assert at the next byte that there are two more
  // (basic_parser::parse_chunk_header). More of the message comes behind it in any case.
  bool IsLastChunkLine(std::string_view bytes) const {
    return parser_.is_header_done() && parser_.chunked() && bytes == "0\r\n";
  }

  beast::parser<kRequest, Body> parser_;
};

MessageParser::MessageParser(std::unique_ptr<Face> face) : face_(std::move(face)) {}
MessageParser::~MessageParser() = default;
MessageParser::MessageParser(MessageParser&&) noexcept = default;
MessageParser& MessageParser::operator=(MessageParser&&) noexcept = default;

MessageParser MessageParser::ForResponse(const ParserLimits& limits, bool to_head) {
  return MessageParser(std::make_unique<Beast<false>>(limits, to_head));
}

MessageParser MessageParser::ForRequest(const ParserLimits& limits) {
  return MessageParser(std::make_unique<Beast<true>>(limits, false));
}

absl::StatusOr<size_t> MessageParser::Feed(std::string_view bytes) { return face_->Feed(bytes); }
absl::Status MessageParser::FeedEnd() { return face_->FeedEnd(); }
bool MessageParser::started() const { return face_->Started(); }
bool MessageParser::head_done() const { return face_->HeadDone(); }
bool MessageParser::done() const { return face_->Done(); }
int MessageParser::status() const { return face_->Status(); }
std::string MessageParser::method() const { return face_->Method(); }
std::string MessageParser::target() const { return face_->Target(); }
Headers MessageParser::headers() const { return face_->Fields(); }
bool MessageParser::keep_alive() const { return face_->KeepAlive(); }
bool MessageParser::upgrade() const { return face_->Upgrade(); }
bool MessageParser::expects_continue() const { return face_->ExpectsContinue(); }
size_t MessageParser::body_size() const { return face_->BodySize(); }
std::string MessageParser::TakeBody() { return std::string(face_->TakeBody()); }
Secret MessageParser::TakeSecretBody() { return Secret(face_->TakeBody()); }

std::string_view ReasonPhrase(int status) {
  const auto phrase = beast::obsolete_reason(static_cast<beast::status>(status));
  return {phrase.data(), phrase.size()};
}

}  // namespace latchkey::http
