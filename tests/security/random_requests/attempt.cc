#include "tests/security/random_requests/attempt.h"

#include <utility>

#include "absl/time/clock.h"

namespace latchkey::random_requests {
Attempt::Attempt(const std::string& path, int reads_max, std::string bytes, int number)
    : path_(path), reads_max_(reads_max), bytes_(std::move(bytes)), number_(number) {
  const grpc::Slice slice(bytes_);
  request_ = grpc::ByteBuffer(&slice, 1);
}

void Attempt::Start(const std::shared_ptr<grpc::Channel>& channel, grpc::CompletionQueue& queue,
                    absl::Duration limit) {
  context_.set_deadline(absl::ToChronoTime(absl::Now() + limit));
  context_.set_wait_for_ready(true);
  grpc::GenericStub stub(channel);
  if (reads_max_ == 0) {
    unary_ = stub.PrepareUnaryCall(&context_, path_, request_, &queue);
    unary_->StartCall();
    unary_->Finish(&answer_, &status_, this);
    return;
  }
  stream_ = stub.PrepareCall(&context_, path_, &queue);
  step_ = Step::kStart;
  stream_->StartCall(this);
}

bool Attempt::OnEvent(bool ok) {
  if (step_ == Step::kFinish) return true;
  if (!ok) return Next(Step::kFinish);
  switch (step_) {
    case Step::kStart:
      return Next(Step::kWrite);
    case Step::kWrite:
      return Next(Step::kWritesDone);
    default:
      break;
  }
  if (step_ == Step::kRead && ++reads_ >= reads_max_) {
    cancelled_by_us_ = true;
    context_.TryCancel();
    return Next(Step::kFinish);
  }
  return Next(Step::kRead);
}

bool Attempt::Next(Step step) {
  step_ = step;
  switch (step) {
    case Step::kWrite:
      stream_->Write(request_, this);
      break;
    case Step::kWritesDone:
      stream_->WritesDone(this);
      break;
    case Step::kRead:
      stream_->Read(&answer_, this);
      break;
    default:
      stream_->Finish(&status_, this);
      break;
  }
  return false;
}

}  // namespace latchkey::random_requests
