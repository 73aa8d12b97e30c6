// CertificateWatch: serves what the certificate's files say now, once it has been checked.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/metrics.h"
#include "lib/tls/certificate.h"

namespace latchkey::tls {

// A replacement need not be atomic: while the key and the certificate do not fit, the one before
// stays in use. Metrics, labelled with the watch's name:
//   latchkey_<service>_certificate_not_after_seconds      when the served one ends, Unix time
//   latchkey_<service>_certificate_reloads_total          "served" or "refused"
// Lives on one io thread; the files are small, and are read there.
class CertificateWatch {
 public:
  // Begins to serve a checked certificate to new connections; an error refuses it.
  using Serve = std::function<absl::Status(const Certificate&)>;

  // `name` is where it is served ("grpc", "api"); `served` is in use already.
  CertificateWatch(const std::string& service, std::string name, CertificateFiles files,
                   Certificate served, Serve serve);

  // Looks once. What is new and fit is served. What is unfit in two looks is refused: that is
  // logged and counted once for each cause; every further look tries again.
  void Look(absl::Time now);

 private:
  void Refuse(const absl::Status& why);
  void Forgive();

  const std::string name_;
  const CertificateFiles files_;
  const Serve serve_;
  Certificate served_;
  std::string suspicion_;  // What the last look found wrong, as a message; or "".
  std::string refusal_;    // What was refused last; "" since something fit was found.
  metrics::Gauge& not_after_;
  metrics::Counter& served_count_;
  metrics::Counter& refused_count_;
};

}  // namespace latchkey::tls
