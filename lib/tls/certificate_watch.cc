#include "lib/tls/certificate_watch.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"

namespace latchkey::tls {
namespace {

metrics::Counter& Reloads(const std::string& service, const std::string& name,
                          const std::string& outcome) {
  return metrics::MakeCounter(fmt::format("latchkey_{}_certificate_reloads_total", service),
                              "Changed certificates that were served, or refused as unfit.",
                              {{"certificate", name}, {"outcome", outcome}});
}

}  // namespace

CertificateWatch::CertificateWatch(const std::string& service, std::string name,
                                   CertificateFiles files, Certificate served, Serve serve)
    : name_(std::move(name)),
      files_(std::move(files)),
      serve_(std::move(serve)),
      served_(std::move(served)),
      not_after_(metrics::MakeGauge(
          fmt::format("latchkey_{}_certificate_not_after_seconds", service),
          "When the certificate that is served ends, in Unix time.", {{"certificate", name_}})),
      served_count_(Reloads(service, name_, "served")),
      refused_count_(Reloads(service, name_, "refused")) {
  not_after_.Set(static_cast<double>(absl::ToUnixSeconds(served_.not_after)));
}

void CertificateWatch::Look(absl::Time now) {
  absl::StatusOr<Certificate> found = LoadCertificate(files_, now);
  if (found.ok() && found->SameAs(served_)) {
    Forgive();
    return;
  }
  if (!found.ok()) return Refuse(found.status());
  absl::Status begun = serve_(*found);
  if (!begun.ok()) return Refuse(begun);
  served_ = *std::move(found);
  Forgive();
  not_after_.Set(static_cast<double>(absl::ToUnixSeconds(served_.not_after)));
  served_count_.Add();
  log::Info("certificate served",
            {{"certificate", name_}, {"not_after", absl::FormatTime(served_.not_after)}});
}

void CertificateWatch::Forgive() {
  suspicion_.clear();
  refusal_.clear();
}

void CertificateWatch::Refuse(const absl::Status& why) {
  const std::string message = Message(why);
  if (message == refusal_) return;
  if (message != suspicion_) {
    suspicion_ = message;  // Perhaps it is being replaced just now.
    return;
  }
  refusal_ = message;
  refused_count_.Add();
  log::Error("certificate refused; the one before stays in use",
             {{"certificate", name_}, {"why", why}});
}

}  // namespace latchkey::tls
