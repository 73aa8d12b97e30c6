#include "lib/tls/certificate_watch.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "absl/time/clock.h"
#include "lib/base/error.h"
#include "tests/support/pki.h"
#include "tests/support/status_matchers.h"

namespace latchkey::tls {
namespace {

class CertificateWatchTest : public testing::Test {
 protected:
  CertificateWatchTest()
      : watch_("testing", "grpc", files_, Loaded(files_), [this](const Certificate& certificate) {
          if (served_status_.ok()) served_.push_back(certificate);
          return served_status_;
        }) {}

  metrics::Counter& Reloads(const std::string& outcome) {
    return metrics::MakeCounter("latchkey_testing_certificate_reloads_total", "",
                                {{"certificate", "grpc"}, {"outcome", outcome}});
  }
  double NotAfter() {
    return metrics::MakeGauge("latchkey_testing_certificate_not_after_seconds", "",
                              {{"certificate", "grpc"}})
        .value();
  }
  void ExpectRefusedOnce(absl::Time now) {
    const double refused = Reloads("refused").value();
    const double not_after = NotAfter();

    watch_.Look(now);
    EXPECT_EQ(Reloads("refused").value(), refused);  // It may be half replaced.
    watch_.Look(now);
    watch_.Look(now);

    EXPECT_TRUE(served_.empty());
    EXPECT_EQ(Reloads("refused").value(), refused + 1);
    EXPECT_EQ(NotAfter(), not_after);
  }

  const absl::Time now_ = absl::Now();
  Pki pki_;
  const CertificateFiles files_ = pki_.ForService("keyvault");
  std::vector<Certificate> served_;
  absl::Status served_status_;
  CertificateWatch watch_;
};

TEST_F(CertificateWatchTest, ANewPairIsServedOnceAndItsEndIsTold) {
  const double count = Reloads("served").value();
  const CertificateFiles next =
      pki_.Issue({.uris = {"spiffe://latchkey/keyvault"}, .valid_for = absl::Hours(5)});
  Replace(files_, next);

  watch_.Look(now_);
  watch_.Look(now_);

  ASSERT_EQ(served_.size(), 1u);
  EXPECT_EQ(served_[0].cert_pem, Loaded(next).cert_pem);
  EXPECT_EQ(Reloads("served").value(), count + 1);
  EXPECT_EQ(NotAfter(), static_cast<double>(absl::ToUnixSeconds(Loaded(next).not_after)));
}

TEST_F(CertificateWatchTest, WhatHasNotChangedIsNotServedAgain) {
  watch_.Look(now_);

  EXPECT_TRUE(served_.empty());
}

TEST_F(CertificateWatchTest, AMismatchedPairIsRefusedAndServedWhenItsKeyComes) {
  const CertificateFiles next = pki_.ForService("keyvault");
  Replace(files_, {.cert = next.cert, .key = files_.key, .ca = next.ca});
  ExpectRefusedOnce(now_);

  Replace(files_, next);
  watch_.Look(now_);

  EXPECT_EQ(served_.size(), 1u);
}

TEST_F(CertificateWatchTest, AnExpiredPairIsRefused) {
  Replace(files_, pki_.Issue({.valid_for = -absl::Minutes(1)}));

  ExpectRefusedOnce(now_);
}

TEST_F(CertificateWatchTest, APairOfAnotherCaIsRefused) {
  Pki other;
  Replace(files_, other.ForService("keyvault"));

  ExpectRefusedOnce(now_);
}

TEST_F(CertificateWatchTest, AVanishedFileIsRefused) {
  std::remove(files_.key.c_str());

  ExpectRefusedOnce(now_);
}

TEST_F(CertificateWatchTest, WhatTheServerDoesNotTakeIsRefused) {
  served_status_ = Error(absl::StatusCode::kFailedPrecondition, "bad_certificate", "Another name.");
  Replace(files_, pki_.ForService("media"));

  ExpectRefusedOnce(now_);
}

}  // namespace
}  // namespace latchkey::tls
