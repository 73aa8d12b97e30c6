// Registration: binds a generated service's methods to an adapter's coroutines. See host.h.
#pragma once

#include "lib/rpc/service_binding.h"
#include "lib/rpc/typed_call.h"

namespace latchkey::rpc {

// Each function takes &AsyncService::Request<Method> and the adapter's coroutine for it. The
// adapter outlives the host's Run().
template <typename Service, typename Adapter>
class Registration {
 public:
  using AsyncService = typename Service::AsyncService;

  Registration(ServiceBinding& binding, Adapter& adapter) : binding_(binding), adapter_(adapter) {}

  template <typename Base, typename Owner, typename Request, typename Response>
  Registration& Unary(
      void (Base::*wait)(grpc::ServerContext*, Request*, grpc::ServerAsyncResponseWriter<Response>*,
                         grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*),
      Task<absl::Status> (Owner::*handle)(const CallContext&, const Request&, Response&)) {
    using Bound = Binding<AsyncService, decltype(wait), Adapter, decltype(handle)>;
    const Bound bound{service(), wait, adapter_, handle};
    binding_.Add(Request::descriptor(), false, false, [bound](Method& method) -> ServerCall* {
      return new UnaryCall<Bound, Request, Response>(method, bound);
    });
    return *this;
  }

  template <typename Base, typename Owner, typename Request, typename Response>
  Registration& ServerStream(
      void (Base::*wait)(grpc::ServerContext*, Request*, grpc::ServerAsyncWriter<Response>*,
                         grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*),
      Task<absl::Status> (Owner::*handle)(const CallContext&, const Request&, Writer<Response>&)) {
    using Bound = Binding<AsyncService, decltype(wait), Adapter, decltype(handle)>;
    const Bound bound{service(), wait, adapter_, handle};
    binding_.Add(Request::descriptor(), false, true, [bound](Method& method) -> ServerCall* {
      return new ServerStreamCall<Bound, Request, Response>(method, bound);
    });
    return *this;
  }

  template <typename Base, typename Owner, typename Request, typename Response>
  Registration& Bidi(
      void (Base::*wait)(grpc::ServerContext*, grpc::ServerAsyncReaderWriter<Response, Request>*,
                         grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*),
      Task<absl::Status> (Owner::*handle)(const CallContext&, ReaderWriter<Request, Response>&)) {
    using Bound = Binding<AsyncService, decltype(wait), Adapter, decltype(handle)>;
    const Bound bound{service(), wait, adapter_, handle};
    binding_.Add(Request::descriptor(), true, true, [bound](Method& method) -> ServerCall* {
      return new BidiCall<Bound, Request, Response>(method, bound);
    });
    return *this;
  }

  // Goes on with another adapter: for a service whose methods are shared out by concern.
  template <typename Other>
  Registration<Service, Other> With(Other& adapter) {
    return Registration<Service, Other>(binding_, adapter);
  }

 private:
  AsyncService& service() { return static_cast<AsyncService&>(*binding_.service()); }

  ServiceBinding& binding_;
  Adapter& adapter_;
};

}  // namespace latchkey::rpc
