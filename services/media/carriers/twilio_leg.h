// TwilioLeg: the media stream of one call, which Twilio opens to us.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/http/server.h"
#include "services/media/adapters/link.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// Lives on the call's io thread. Join() before it goes.
class TwilioLeg final : public CarrierLeg, private Link::Reader {
 public:
  explicit TwilioLeg(Executor executor);

  // What the stream brings goes to `listener`, from the next message on.
  void Listen(Listener& listener) { listener_ = &listener; }
  // Twilio has come to the call's one-time address; only the first is let in.
  void Open(std::unique_ptr<http::PendingUpgrade> upgrade);

  void Play(Audio audio) override;
  void Mark(int64_t mark) override;
  void Clear() override;
  void Close() override;

  Task<void> Join();

 private:
  void OnLinkMessage(const http::Message& message) override;
  void OnLinkDown(const absl::Status& why) override;
  void OnStart(std::string_view stream_sid);
  Task<WebsocketOr> Accept(std::unique_ptr<http::PendingUpgrade> upgrade);
  void End(bool hung_up);

  Executor executor_;
  Link link_;
  Listener* listener_ = nullptr;
  std::string stream_sid_;
  bool opened_ = false;
  bool ended_ = false;
  std::vector<uint8_t> decoded_;
  std::string scratch_;
};

}  // namespace latchkey::media
