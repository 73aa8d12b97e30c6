// Sandbox run: one run of `scripts/bench sandbox`: the peer, what it answers, and what is measured.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bench/load/answering_peer.h"
#include "bench/load/subject.h"
#include "lib/http/client.h"
#include "lib/http/server.h"
#include "tests/support/pki.h"

namespace latchkey::bench {

// What one stretch of time showed.
struct Window {
  int calls = 0;  // That lived at its end.
  uint64_t frames_sent = 0, frames_arrived = 0, agent_frames = 0;
  absl::Duration late_p50, late_p99, late_max;
  double subject_cores = 0, peer_cores = 0, waited_cores = 0, stolen_cores = 0;
};

// The answering side of a run, at a TLS address, and its clock. Lives on one io thread.
class PeerSide {
 public:
  PeerSide();

  boost::asio::io_context& io() { return io_; }
  AnsweringPeer& peer() { return peer_; }
  Pki& pki() { return pki_; }
  std::string Url(std::string_view scheme, std::string_view path) const;
  Task<void> Pass(absl::Duration time);

  // Fills in everything but lateness and frames_sent, which what is measured tells itself.
  void Begin(const Subject& subject);
  Window End(const Subject& subject);

 private:
  Pki pki_;
  boost::asio::io_context io_{1};
  AnsweringPeer peer_;
  std::unique_ptr<http::Server> server_;
  absl::Time began_;
  absl::Duration subject_cpu_, subject_waited_, own_cpu_, stolen_;
  AnsweringPeer::Counts counts_;
};

// The sandbox as the carrier of `calls` calls: placed one after the other, measured at each quarter
// of them and at last for `seconds`; then ended, and its log held against what the peer saw.
class SandboxRun {
 public:
  SandboxRun(std::string binary, int calls, absl::Duration seconds);

  void Measure();

  const Window& last() const { return stages_.back(); }
  const std::vector<Window>& stages() const { return stages_; }
  const CallLedger::Verdict& verdict() const { return verdict_; }
  const AnsweringPeer& peer() { return side_.peer(); }
  int64_t resident_bytes() const { return resident_bytes_; }

 private:
  Task<void> Run();
  Task<void> PlaceUpTo(int calls);
  Task<void> PlaceOne(int number);
  Task<void> MeasureStage(absl::Duration time);
  Task<void> EndAll();
  // The answer's body; "" when there was none.
  Task<std::string> Ask(std::string method, std::string path, std::string body);

  const int calls_;
  const absl::Duration seconds_;
  PeerSide side_;
  const int port_;
  std::unique_ptr<Subject> subject_;
  std::unique_ptr<http::Client> client_;
  Group placing_;
  int placed_ = 0;
  std::vector<Window> stages_;
  CallLedger::Verdict verdict_;
  int64_t resident_bytes_ = 0;
};

// Bare sockets in place of the sandbox.
class BareRun {
 public:
  BareRun(std::string binary, int calls, absl::Duration seconds);

  void Measure();
  const Window& window() const { return window_; }

 private:
  Task<void> Run();

  const int calls_;
  const absl::Duration seconds_;
  PeerSide side_;
  std::unique_ptr<Subject> subject_;
  Window window_;
};

}  // namespace latchkey::bench
