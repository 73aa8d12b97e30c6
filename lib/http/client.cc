#include "lib/http/client.h"

#include <map>
#include <vector>

#include "absl/time/clock.h"
#include "lib/base/check.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/http/connect.h"
#include "lib/http/exchange.h"
#include "lib/http/request_head.h"

namespace latchkey::http {

namespace {

struct Kept {
  std::unique_ptr<BufferedTransport> connection;
  absl::Time since;
};

// A POST is never repeated by itself: whether the first one was done is unknown.
bool Repeatable(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

absl::Status CheckSecret(const Request& request, const TlsContext& tls) {
  if (!request.secret) return absl::OkStatus();
  return RequestHead::Check(*request.secret, request.url, tls);
}

}  // namespace

struct Client::State {
  State(Executor on, TlsContext with, ClientOptions chosen)
      : executor(std::move(on)), tls(std::move(with)), options(chosen) {}

  std::unique_ptr<BufferedTransport> TakeKept(const std::string& origin);
  void Keep(const std::string& origin, std::unique_ptr<BufferedTransport> connection);
  Task<absl::StatusOr<std::unique_ptr<BufferedTransport>>> Dial(const Url& url,
                                                                const Limits& limits);

  Executor executor;
  TlsContext tls;
  ClientOptions options;
  std::map<std::string, std::vector<Kept>> kept;  // By origin; the youngest last.
  size_t in_use = 0;
  size_t opened = 0;
};

namespace {

// An exchange that counts among the connections in use, and gives its connection back at the end.
class Pooled {
 public:
  Pooled(Client::State& pool, std::string origin, std::unique_ptr<BufferedTransport> connection,
         const ParserLimits& limits)
      : exchange(std::move(connection), limits), pool_(pool), origin_(std::move(origin)) {
    ++pool_.in_use;
  }
  ~Pooled() {
    --pool_.in_use;
    pool_.Keep(origin_, exchange.TakeReusable());
  }
  Pooled(const Pooled&) = delete;
  Pooled& operator=(const Pooled&) = delete;

  Exchange exchange;

 private:
  Client::State& pool_;
  std::string origin_;
};

class PooledBody final : public BodyStream {
 public:
  PooledBody(std::unique_ptr<Pooled> pooled, absl::Duration idle)
      : pooled_(std::move(pooled)),
        status_(pooled_->exchange.answer().status()),
        headers_(pooled_->exchange.answer().headers()),
        idle_(idle) {}

  int status() const override { return status_; }
  const Headers& headers() const override { return headers_; }

  Task<absl::StatusOr<std::optional<std::string>>> Next() override {
    if (!pooled_) co_return std::optional<std::string>();
    absl::StatusOr<std::optional<std::string>> piece =
        co_await WithDeadline(pooled_->exchange.ReadPiece(), idle_);
    if (piece.ok() && !piece->has_value()) pooled_.reset();
    co_return piece;
  }

 private:
  std::unique_ptr<Pooled> pooled_;  // Until the end of the body.
  int status_;
  Headers headers_;
  absl::Duration idle_;
};

// Sends the request, at most twice, and reads the head of its answer.
Task<absl::StatusOr<std::unique_ptr<Pooled>>> Begin(Client::State& pool, const Request& request,
                                                    const Limits& limits) {
  const std::string origin = request.url.Origin();
  const ParserLimits parser_limits{.body_bytes_max = limits.body_bytes_max};
  std::unique_ptr<BufferedTransport> connection = pool.TakeKept(origin);
  bool reused = connection != nullptr;
  while (true) {
    if (!connection) {
      absl::StatusOr<std::unique_ptr<BufferedTransport>> fresh =
          co_await pool.Dial(request.url, limits);
      if (!fresh.ok()) co_return fresh.status();
      connection = *std::move(fresh);
    }
    auto pooled = std::make_unique<Pooled>(pool, origin, std::move(connection), parser_limits);
    absl::Status status = co_await pooled->exchange.Write(request);
    if (status.ok()) {
      status = co_await WithDeadline(pooled->exchange.ReadHead(), limits.first_byte);
    }
    if (status.ok()) co_return std::move(pooled);
    const bool was_stale = reused && absl::IsUnavailable(status) && pooled->exchange.untouched();
    if (!was_stale || !Repeatable(request.method)) co_return status;
    reused = false;
    connection = nullptr;
  }
}

Task<absl::StatusOr<Response>> SendWhole(Client::State& pool, const Request& request,
                                         const Limits& limits) {
  absl::StatusOr<std::unique_ptr<Pooled>> pooled = co_await Begin(pool, request, limits);
  if (!pooled.ok()) co_return pooled.status();
  Exchange& exchange = (*pooled)->exchange;
  absl::StatusOr<std::string> body = co_await exchange.ReadBody();
  if (!body.ok()) co_return body.status();
  Response response;
  response.status = exchange.answer().status();
  response.headers = exchange.answer().headers();
  response.body = *std::move(body);
  co_return response;
}

}  // namespace

std::unique_ptr<BufferedTransport> Client::State::TakeKept(const std::string& origin) {
  const auto found = kept.find(origin);
  if (found == kept.end()) return nullptr;
  std::vector<Kept>& list = found->second;
  const absl::Time oldest = absl::Now() - options.idle_timeout;
  std::erase_if(list, [&](const Kept& one) { return one.since < oldest; });
  while (!list.empty()) {
    std::unique_ptr<BufferedTransport> connection = std::move(list.back().connection);
    list.pop_back();
    if (connection->transport().Alive()) return connection;
  }
  return nullptr;
}

void Client::State::Keep(const std::string& origin, std::unique_ptr<BufferedTransport> connection) {
  if (!connection) return;
  std::vector<Kept>& list = kept[origin];
  if (list.size() >= options.idle_per_origin_max) return;
  list.push_back({std::move(connection), absl::Now()});
}

Task<absl::StatusOr<std::unique_ptr<BufferedTransport>>> Client::State::Dial(const Url& url,
                                                                             const Limits& limits) {
  if (in_use >= options.connections_max) {
    co_return Error(absl::StatusCode::kUnavailable, "too_many_connections",
                    "Too many requests are under way. Try again shortly.");
  }
  absl::StatusOr<Transport> transport =
      co_await WithDeadline(Connect(tls, url, limits.total, options.reach), limits.connect);
  if (!transport.ok()) co_return transport.status();
  ++opened;
  co_return std::make_unique<BufferedTransport>(*std::move(transport));
}

Client::Client(Executor executor, TlsContext tls, ClientOptions options)
    : state_(std::make_unique<State>(std::move(executor), std::move(tls), options)) {}

Client::~Client() { Check(state_->in_use == 0, "requests end before their client does"); }

Task<absl::StatusOr<Response>> Client::Send(const Request& request, const Limits& limits) {
  if (absl::Status checked = CheckSecret(request, state_->tls); !checked.ok()) co_return checked;
  co_return co_await WithDeadline(SendWhole(*state_, request, limits), limits.total);
}

Task<absl::StatusOr<std::unique_ptr<BodyStream>>> Client::Open(const Request& request,
                                                               const Limits& limits) {
  if (absl::Status checked = CheckSecret(request, state_->tls); !checked.ok()) co_return checked;
  absl::StatusOr<std::unique_ptr<Pooled>> pooled =
      co_await WithDeadline(Begin(*state_, request, limits), limits.total);
  if (!pooled.ok()) co_return pooled.status();
  co_return std::make_unique<PooledBody>(*std::move(pooled), limits.idle);
}

Task<absl::Status> Client::Warm(const Url& url, const Limits& limits) {
  const std::string origin = url.Origin();
  std::unique_ptr<BufferedTransport> connection = state_->TakeKept(origin);
  if (!connection) {
    absl::StatusOr<std::unique_ptr<BufferedTransport>> fresh = co_await state_->Dial(url, limits);
    if (!fresh.ok()) co_return fresh.status();
    connection = *std::move(fresh);
  }
  state_->Keep(origin, std::move(connection));
  co_return absl::OkStatus();
}

size_t Client::connections_opened() const { return state_->opened; }

}  // namespace latchkey::http
