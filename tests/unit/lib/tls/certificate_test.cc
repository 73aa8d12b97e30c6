#include "lib/tls/certificate.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "absl/time/clock.h"
#include "lib/base/error.h"
#include "tests/support/pki.h"
#include "tests/support/status_matchers.h"

namespace latchkey::tls {
namespace {

using absl::StatusCode;

class CertificateTest : public testing::Test {
 protected:
  void ExpectRefused(const CertificateFiles& files, std::string_view why) {
    const auto loaded = LoadCertificate(files, now_);
    ASSERT_THAT(loaded, StatusIs(StatusCode::kFailedPrecondition, "bad_certificate"));
    EXPECT_THAT(Message(loaded.status()), testing::HasSubstr(std::string(why)));
  }

  const absl::Time now_ = absl::Now();
  Pki pki_;
};

TEST_F(CertificateTest, AGoodPairSaysWhoItIsAndWhenItEnds) {
  const auto loaded = LoadCertificate(pki_.ForService("media/m1"), now_);

  ASSERT_THAT(loaded, IsOk());
  EXPECT_EQ(loaded->uris, std::vector<std::string>{"spiffe://latchkey/media/m1"});
  EXPECT_GT(loaded->not_after, now_ + absl::Minutes(55));
  EXPECT_LT(loaded->not_after, now_ + absl::Minutes(65));
}

TEST_F(CertificateTest, WithoutACaTheChainItselfIsChecked) {
  CertificateFiles files = pki_.ForLocalhost();
  files.ca.clear();

  EXPECT_THAT(LoadCertificate(files, now_), IsOk());
}

TEST_F(CertificateTest, AKeyOfAnotherCertificateIsRefused) {
  CertificateFiles files = pki_.ForService("media");
  files.key = pki_.ForService("media").key;

  ExpectRefused(files, "is not the one of the certificate");
}

TEST_F(CertificateTest, AnExpiredOneIsRefusedAndSoIsOneThatIsNotYetValid) {
  const CertificateFiles good = pki_.ForService("media");

  ExpectRefused(pki_.Issue({.valid_for = -absl::Minutes(1)}), "certificate has expired");
  EXPECT_THAT(LoadCertificate(good, now_ + absl::Hours(2)),
              StatusIs(StatusCode::kFailedPrecondition, "bad_certificate"));
  EXPECT_THAT(LoadCertificate(good, now_ - absl::Hours(3)),
              StatusIs(StatusCode::kFailedPrecondition, "bad_certificate"));
}

TEST_F(CertificateTest, OneOfAnotherCaIsRefused) {
  Pki other;
  CertificateFiles files = other.ForService("media");
  files.ca = pki_.ca_file();

  ExpectRefused(files, "cannot be served");
}

TEST_F(CertificateTest, AMissingEmptyOrBrokenFileIsRefused) {
  CertificateFiles files = pki_.ForService("media");
  std::ofstream(files.cert, std::ios::app) << "-----BEGIN CERTIFICATE-----\nMIIB\n";
  ExpectRefused(files, "broken");
  std::ofstream(files.cert, std::ios::trunc) << "";
  ExpectRefused(files, "is empty");
  std::remove(files.cert.c_str());
  ExpectRefused(files, "cannot be read");
}

TEST_F(CertificateTest, AKeyBehindAPassPhraseIsRefusedWithoutAQuestion) {
  CertificateFiles files = pki_.ForService("media");
  std::ofstream(files.key, std::ios::trunc)
      << "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";

  ExpectRefused(files, "is not the one of the certificate");
}

}  // namespace
}  // namespace latchkey::tls
