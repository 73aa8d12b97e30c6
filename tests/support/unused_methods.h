// Unused methods: what of a service a test's or a load run's fake has no need of. They are refused.
#pragma once

#include "lib/rpc/registration.h"

namespace latchkey {

class UnusedMethods {
 public:
  template <typename Request, typename Response>
  Task<absl::Status> Unary(const rpc::CallContext&, const Request&, Response&) {
    co_return absl::UnimplementedError("not part of this fake");
  }
  template <typename Request, typename Response>
  Task<absl::Status> Stream(const rpc::CallContext&, const Request&, rpc::Writer<Response>&) {
    co_return absl::UnimplementedError("not part of this fake");
  }
};

template <typename Service>
using Unused = rpc::Registration<Service, UnusedMethods>;

template <typename Service, typename Base, typename Request, typename Response>
void RefuseOne(Unused<Service>& rest,
               void (Base::*wait)(grpc::ServerContext*, Request*,
                                  grpc::ServerAsyncResponseWriter<Response>*,
                                  grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*)) {
  rest.Unary(wait, &UnusedMethods::template Unary<Request, Response>);
}

template <typename Service, typename Base, typename Request, typename Response>
void RefuseOne(Unused<Service>& rest,
               void (Base::*wait)(grpc::ServerContext*, Request*,
                                  grpc::ServerAsyncWriter<Response>*, grpc::CompletionQueue*,
                                  grpc::ServerCompletionQueue*, void*)) {
  rest.ServerStream(wait, &UnusedMethods::template Stream<Request, Response>);
}

// RefuseAll(registration.With(unused), &Methods::RequestPutKey, …)
template <typename Service, typename... Methods>
void RefuseAll(Unused<Service> rest, Methods... methods) {
  (RefuseOne(rest, methods), ...);
}

}  // namespace latchkey
