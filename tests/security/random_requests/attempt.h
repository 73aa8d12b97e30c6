// Attempt: one request of any method, from its bytes to its status.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/time/time.h"

namespace latchkey::random_requests {

// One message is sent; a stream is cancelled when so many were read that the answer to it is among
// them. Lives in a completion
// queue, whose every tag is an Attempt, until OnEvent says that it is over.
class Attempt {
 public:
  // `reads_max`: of a stream; 0 for a method that has none.
  Attempt(const std::string& path, int reads_max, std::string bytes, int number);

  void Start(const std::shared_ptr<grpc::Channel>& channel, grpc::CompletionQueue& queue,
             absl::Duration limit);
  // The operation that was started last has ended. True: the status is there.
  bool OnEvent(bool ok);

  const std::string& path() const { return path_; }
  const std::string& bytes() const { return bytes_; }
  int number() const { return number_; }
  const grpc::Status& status() const { return status_; }
  bool cancelled_by_us() const { return cancelled_by_us_; }

 private:
  enum class Step { kStart, kWrite, kWritesDone, kRead, kFinish };

  bool Next(Step step);

  const std::string path_;
  const int reads_max_;
  const std::string bytes_;
  const int number_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> unary_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  Step step_ = Step::kFinish;
  int reads_ = 0;
  bool cancelled_by_us_ = false;
};

}  // namespace latchkey::random_requests
