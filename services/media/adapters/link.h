// Link: a websocket with one reader, one writer and a bounded outbox between them and the call.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/http/websocket.h"
#include "services/media/adapters/outbox.h"
#include "services/media/adapters/signal.h"

namespace latchkey::media {

using WebsocketOr = absl::StatusOr<std::unique_ptr<http::Websocket>>;

// Lives on the call's io thread. Messages that are added before it stands wait in the outbox.
class Link {
 public:
  class Reader {
   public:
    virtual ~Reader() = default;
    virtual void OnLinkOpen() {}
    virtual void OnLinkMessage(const http::Message& message) = 0;
    // It is gone, or never stood; said once for each Open. The reader may open it again.
    virtual void OnLinkDown(const absl::Status& why) = 0;
  };

  // `name` is a constant ("deepgram"): it labels the tasks. `entries_max` bounds the outbox.
  Link(Executor executor, std::string_view name, size_t entries_max, Reader& reader);

  // Runs on the websocket that `connecting` gives. Does nothing while it stands.
  void Open(Task<WebsocketOr> connecting);

  // A message of the outbox to be filled, then Flush(). Null when the outbox is full.
  Outbox::Entry* Add(Outbox::Kind kind, bool binary) { return outbox_.Add(kind, binary); }
  void Flush() { ready_.Notify(); }
  void AddText(std::string_view text);
  // Forgets what waits; only while nothing stands.
  void Reset() { outbox_.Clear(); }
  void DropAudio() { outbox_.DropAudio(writing_); }

  // Drops a connection that hangs; the reader is told as of any other end.
  void Break() {
    if (socket_ != nullptr) socket_->Abort();
  }
  bool standing() const { return socket_ != nullptr; }

  // Writes what is left but for audio, then `last_words` if there are any, and closes. The reader
  // is told nothing from now on.
  void Close(std::string_view last_words = "");
  // Returns when nothing runs any more. After Close.
  Task<void> Join();

 private:
  Task<void> Run(Task<WebsocketOr> connecting);
  Task<absl::Status> ReadAll();
  Task<absl::Status> WriteAll();

  Executor executor_;
  std::string name_;
  Reader& reader_;
  Outbox outbox_;
  Signal ready_;
  Group group_;
  std::unique_ptr<http::Websocket> socket_;
  bool running_ = false;
  bool writing_ = false;
  bool closing_ = false;
};

}  // namespace latchkey::media
