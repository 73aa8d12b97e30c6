// Poller: a completion queue and the one thread that waits on it.
#pragma once

#include <grpcpp/completion_queue.h>

#include <memory>
#include <string>
#include <thread>

namespace latchkey::rpc {

// Calls Tag::OnEvent for everything that comes out of the queue. Every tag in it is a Tag.
class Poller {
 public:
  // `thread_name` as `top -H` shows it, at most 15 characters.
  Poller(std::unique_ptr<grpc::CompletionQueue> queue, std::string thread_name);
  // Shuts down: no operation may start any more; returns when every one has come out.
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  grpc::CompletionQueue* queue() { return queue_.get(); }

 private:
  std::unique_ptr<grpc::CompletionQueue> queue_;
  std::thread thread_;
};

}  // namespace latchkey::rpc
