#include "services/media/adapters/link.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>
#include <variant>

#include "lib/base/deadline.h"
#include "lib/base/error.h"

namespace latchkey::media {
namespace {

// How long a goodbye may take: the call's own end must not wait for a provider.
constexpr absl::Duration kCloseWait = absl::Seconds(1);

Task<absl::Status> CloseSocket(http::Websocket& socket) {
  co_await socket.Close(1000, "");
  co_return absl::OkStatus();
}

}  // namespace

Link::Link(Executor executor, std::string_view name, size_t entries_max, Reader& reader)
    : executor_(executor),
      name_(name),
      reader_(reader),
      outbox_(entries_max),
      ready_(executor),
      group_(executor) {}

void Link::Open(Task<WebsocketOr> connecting) {
  if (running_ || closing_) return;
  running_ = true;
  group_.Spawn("media link " + name_, Run(std::move(connecting)));
}

void Link::AddText(std::string_view text) {
  Outbox::Entry* entry = outbox_.Add(Outbox::Kind::kText, false);
  if (entry == nullptr) return;
  entry->data = text;
  Flush();
}

void Link::Close(std::string_view last_words) {
  if (closing_) return;
  DropAudio();
  if (!last_words.empty() && standing()) AddText(last_words);
  closing_ = true;
  if (standing()) {
    Flush();
  } else {
    group_.Cancel();
  }
}

Task<void> Link::Join() { co_await group_.Join(); }

Task<void> Link::Run(Task<WebsocketOr> connecting) {
  using boost::asio::experimental::awaitable_operators::operator||;
  WebsocketOr socket = co_await std::move(connecting);
  absl::Status why = socket.status();
  if (socket.ok()) {
    socket_ = *std::move(socket);
    if (!closing_) reader_.OnLinkOpen();
    std::variant<absl::Status, absl::Status> first = co_await (ReadAll() || WriteAll());
    why = first.index() == 0 ? std::get<0>(first) : std::get<1>(first);
    socket_.reset();
  }
  running_ = false;
  if (!closing_) reader_.OnLinkDown(why);
}

Task<absl::Status> Link::ReadAll() {
  while (true) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    if (!message.ok()) co_return message.status();
    if (closing_) continue;
    reader_.OnLinkMessage(*message);
  }
}

Task<absl::Status> Link::WriteAll() {
  while (true) {
    while (outbox_.empty() && !closing_) co_await ready_.Wait();
    if (outbox_.empty()) break;
    Outbox::Entry& entry = outbox_.Front();
    writing_ = true;
    absl::Status written;
    if (entry.binary) {
      written = co_await socket_->WriteBinary(entry.data);
    } else {
      written = co_await socket_->WriteText(entry.data);
    }
    writing_ = false;
    if (!written.ok()) co_return written;
    outbox_.Pop();
  }
  co_return co_await WithDeadline(CloseSocket(*socket_), kCloseWait);
}

}  // namespace latchkey::media
