#include "services/billing/wiring.h"

#include "latchkey/billing/v1/billing.grpc.pb.h"

namespace latchkey::billing {
namespace {

pg::PoolOptions PoolFor(const Config& config) {
  pg::PoolOptions options;
  options.conninfo = config.Text("pg");
  options.schema = "billing";
  return options;
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : pool_(host.io().get_executor(), PoolFor(config)) {
  using Methods = v1::Billing::AsyncService;
  host.Serve<v1::Billing>(grpc_)
      .Unary(&Methods::RequestAuthorize, &GrpcService::Authorize)
      .Unary(&Methods::RequestRecordUsage, &GrpcService::RecordUsage)
      .Unary(&Methods::RequestGetUsage, &GrpcService::GetUsage);
  host.AddReadiness("postgres", [this] { return pool_.Ping(); });
}

}  // namespace latchkey::billing
