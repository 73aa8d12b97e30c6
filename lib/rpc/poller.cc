#include "lib/rpc/poller.h"

#include <pthread.h>

#include <utility>

#include "lib/rpc/completion.h"

namespace latchkey::rpc {
namespace {

void Poll(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) static_cast<Tag*>(tag)->OnEvent(ok);
}

}  // namespace

Poller::Poller(std::unique_ptr<grpc::CompletionQueue> queue, std::string thread_name)
    : queue_(std::move(queue)), thread_([this] { Poll(*queue_); }) {
  pthread_setname_np(thread_.native_handle(), thread_name.c_str());
}

Poller::~Poller() {
  queue_->Shutdown();
  thread_.join();
}

}  // namespace latchkey::rpc
