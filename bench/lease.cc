// latchkey-bench-lease: what it costs to lease keys, beside a bare echo and a durable INSERT.
//
//   latchkey-bench-lease seed CONNINFO RING_FILE TENANTS       fills keyvault's tables
//   latchkey-bench-lease echo ADDRESS TLS_FOLDER               serves the baseline
//   latchkey-bench-lease load KEYVAULT ECHO CONNINFO TLS_FOLDER TICKET_KEY TENANTS
//
// `load` runs on core 0 and prints `lease.<variant>.<figure>: value` lines. `scripts/bench lease`
// brings everything up and runs all three.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "bench/load/echo_server.h"
#include "bench/load/key_seed.h"
#include "bench/load/lease_fleet.h"
#include "bench/load/pace.h"
#include "bench/load/revocation_run.h"
#include "bench/load/rewrap_run.h"
#include "bench/load/rhythm.h"
#include "bench/load/subject.h"
#include "lib/base/check.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"

namespace latchkey::bench {
namespace {

constexpr int kLoadCore = 0;
constexpr int kInFlight = 64;
constexpr int kPerSecond = 100;
constexpr int kSilences = 4;
constexpr absl::Duration kWarmUp = absl::Seconds(1), kFloodWindow = absl::Seconds(6);
constexpr absl::Duration kSteadyWindow = absl::Seconds(10), kBurst = absl::Seconds(1);
constexpr std::chrono::seconds kSilence{10};
constexpr absl::Duration kRewrapWindow = absl::Seconds(5);
constexpr double kShort = 0.92;  // A load generator busier than this was short of CPU.
constexpr absl::Duration kLate = absl::Milliseconds(5);  // So was one that was later than this.

constexpr pg::Statement kInsert{"bench_insert", "INSERT INTO rows (body) VALUES ($1)"};
constexpr size_t kBodyBytes = 200;  // As an audit row.

// One way to be asked, and what came of it.
struct Variant {
  std::string name;
  Operation operation;
  Beats flood, steady, silent;
};

void Line(const std::string& variant, const std::string& figure, const std::string& value) {
  std::printf("lease.%s.%s: %s\n", variant.c_str(), figure.c_str(), value.c_str());
  std::fflush(stdout);
}

std::string Ms(absl::Duration time) {
  return fmt::format("{:.2f}", absl::ToDoubleMilliseconds(time));
}

void Report(const Variant& v, bool is_subject) {
  const bool short_of_cpu = v.flood.load_core > kShort;
  Line(v.name, "per_second",
       fmt::format("{:.0f}{}", v.flood.PerSecond(),
                   short_of_cpu && !is_subject ? " at least; the load had no more CPU" : ""));
  Line(v.name, "p50_ms_at_64", Ms(v.flood.delays.Quantile(0.50)));
  Line(v.name, "p99_ms_at_64", Ms(v.flood.delays.Quantile(0.99)));
  Line(v.name, "load_core_used", fmt::format("{:.2f}", v.flood.load_core));
  Line(v.name, "p50_ms_at_100", Ms(v.steady.delays.Quantile(0.50)));
  Line(v.name, "p99_ms_at_100", Ms(v.steady.delays.Quantile(0.99)));
  Line(v.name, "p99_ms_after_silence", Ms(v.silent.delays.Quantile(0.99)));
  Line(v.name, "longest_ms_after_silence", Ms(v.silent.longest_delay));
  Line(v.name, "load_lateness_p99_ms", Ms(v.steady.lateness.Quantile(0.99)));
  if (short_of_cpu && is_subject) Line(v.name, "void", "the load generator was short of CPU");
  if (v.steady.lateness.Quantile(0.99) > kLate) {
    Line(v.name, "void", "the load generator was late; something else runs on this machine");
  }
  const int64_t failed = v.flood.failed + v.steady.failed + v.silent.failed;
  if (failed == 0) return;
  const Beats& why = v.flood.failed > 0 ? v.flood : v.steady.failed > 0 ? v.steady : v.silent;
  Line(v.name, "void", fmt::format("{} failed: {}", failed, why.first_error));
}

pg::PoolOptions PoolFor(const std::string& conninfo, const std::string& schema) {
  pg::PoolOptions options;
  options.conninfo = conninfo;
  options.schema = schema;
  options.statement_timeout = absl::Seconds(30);
  return options;
}

struct LoadSetup {
  std::string keyvault, echo, conninfo, tls_folder, ticket_key;
  int tenants = 0;
};

class Load {
 public:
  explicit Load(const LoadSetup& setup)
      : dialer_(*secret::SigningKey::FromFile(setup.ticket_key)),
        pool_(io_.get_executor(), PoolFor(setup.conninfo, "bench")),
        ops_peers_(Loaded({setup.tls_folder + "/ops.pem", setup.tls_folder + "/ops.key",
                           setup.tls_folder + "/ca.pem"})),
        ops_(ops_peers_, "keyvault", setup.keyvault),
        fleet_(setup.tls_folder, "keyvault", setup.keyvault, dialer_, setup.tenants),
        echoes_(setup.tls_folder, "keyvault", setup.echo, dialer_, setup.tenants) {}

  // Everything, in an order in which nothing is in the next one's way.
  absl::Status Run() { return Await(io_, RunAll()); }

 private:
  Task<absl::Status> RunAll() {
    absl::Status done = co_await Revocations();
    if (!done.ok()) co_return done;
    co_await Leases();
    co_return co_await Rewraps();
  }

  Task<absl::Status> Revocations() {
    RevocationRun run(io_.get_executor(), fleet_, ops_);
    absl::Status done = co_await run.Run();
    if (!done.ok()) co_return done;
    Line("revocation", "live_leases", std::to_string(run.one_by_one().count()));
    Line("revocation", "one_by_one_p50_ms", Ms(run.one_by_one().Quantile(0.50)));
    Line("revocation", "one_by_one_p99_ms", Ms(run.one_by_one().Quantile(0.99)));
    Line("revocation", "all_at_once_p50_ms", Ms(run.all_at_once().Quantile(0.50)));
    Line("revocation", "all_at_once_p99_ms", Ms(run.all_at_once().Quantile(0.99)));
    co_return absl::OkStatus();
  }

  Task<void> Leases() {
    Variant variants[] = {{"sealed", [this] { return fleet_.LeaseOnce(); }, {}, {}, {}},
                          {"echo", [this] { return echoes_.EchoOnce(); }, {}, {}, {}},
                          {"insert", [this] { return Insert(); }, {}, {}, {}}};
    for (Variant& v : variants) {
      co_await Flood(io_.get_executor(), v.operation, kInFlight, kWarmUp, kFloodWindow, v.flood);
    }
    for (Variant& v : variants) {
      co_await Steady(io_.get_executor(), v.operation, kPerSecond, kSteadyWindow, v.steady);
    }
    for (int i = 0; i < kSilences; ++i) {
      Pace silence(io_.get_executor(), kSilence);
      co_await silence.Next();
      for (Variant& v : variants) {
        co_await Steady(io_.get_executor(), v.operation, kPerSecond, kBurst, v.silent);
      }
    }
    for (const Variant& v : variants) Report(v, v.name == "sealed");
  }

  Task<absl::Status> Rewraps() {
    const absl::StatusOr<double> rewrapped =
        co_await RewrapRows(io_.get_executor(), ops_, kRewrapWindow);
    if (!rewrapped.ok()) co_return rewrapped.status();
    const absl::StatusOr<double> updated = co_await UpdateRows(pool_, kRewrapWindow);
    if (!updated.ok()) co_return updated.status();
    Line("rewrap", "rows_per_second", fmt::format("{:.0f}", *rewrapped));
    Line("update", "rows_per_second", fmt::format("{:.0f}", *updated));
    co_return absl::OkStatus();
  }

  Task<absl::Status> Insert() {
    const std::string body(kBodyBytes, 'b');
    absl::StatusOr<pg::Rows> inserted = co_await pool_.Query(kInsert, pg::Params(body));
    co_return inserted.status();
  }

  boost::asio::io_context io_{1};
  secret::SigningKey dialer_;
  pg::Pool pool_;
  rpc::Peers ops_peers_;
  rpc::Client<keyvault::v1::KeyVault> ops_;
  LeaseFleet fleet_, echoes_;
};

int Seed(const std::string& conninfo, const std::string& ring_file, int tenants) {
  const absl::StatusOr<secret::KeyRing> ring = secret::KeyRing::FromFile(ring_file);
  Check(ring.ok(), "a key ring that can be read");
  const secret::Envelope envelope(*ring);
  boost::asio::io_context io(1);
  pg::Pool pool(io.get_executor(), PoolFor(conninfo, "keyvault"));
  const absl::Status seeded = Await(io, SeedKeys(pool, envelope, ring->current().id(), tenants));
  if (!seeded.ok()) std::fprintf(stderr, "seed: %s\n", Message(seeded).c_str());
  return seeded.ok() ? 0 : 1;
}

int RunLoad(const LoadSetup& setup) {
  PinTo(kLoadCore);
  Load load(setup);
  const absl::Status done = load.Run();
  if (!done.ok()) Line("sealed", "void", Message(done));
  return done.ok() ? 0 : 1;
}

}  // namespace
}  // namespace latchkey::bench

int main(int argc, char** argv) {
  using namespace latchkey;
  const std::string what = argc > 1 ? argv[1] : "";
  log::Start("bench", log::Level::kWarn);
  if (what == "seed" && argc == 5) return bench::Seed(argv[2], argv[3], std::atoi(argv[4]));
  if (what == "echo" && argc == 4) bench::ServeEcho(argv[2], argv[3]);
  if (what == "load" && argc == 8) {
    return bench::RunLoad({argv[2], argv[3], argv[4], argv[5], argv[6], std::atoi(argv[7])});
  }
  std::fprintf(stderr,
               "usage: latchkey-bench-lease seed|echo|load …; scripts/bench lease runs it\n");
  return 2;
}
