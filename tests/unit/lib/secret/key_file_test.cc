#include "lib/secret/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "lib/secret/signature.h"
#include "tests/support/status_matchers.h"

namespace latchkey::secret {
namespace {

class KeyFileTest : public testing::Test {
 protected:
  KeyFileTest() {
    std::string pattern = testing::TempDir() + "latchkey-key-file-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~KeyFileTest() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
  }

  std::string directory_;
};

TEST_F(KeyFileTest, AGeneratedTicketKeySignsWhatItsPublicHalfVerifies) {
  ASSERT_THAT(GenerateTicketKey(directory_ + "/tickets"), IsOk());

  const absl::StatusOr<SigningKey> key = SigningKey::FromFile(directory_ + "/tickets/ticket.key");
  const absl::StatusOr<VerifyingKey> verifier =
      VerifyingKey::FromFile(directory_ + "/tickets/ticket.pub");

  ASSERT_THAT(key, IsOk());
  ASSERT_THAT(verifier, IsOk());
  EXPECT_TRUE(verifier->Verify(kTicketLabel, "t", key->Sign(kTicketLabel, "t")));
}

TEST_F(KeyFileTest, ASecretFileIsForItsOwnerOnlyAndNeverReplaced) {
  ASSERT_THAT(GenerateTicketKey(directory_), IsOk());

  struct stat attributes {};
  ASSERT_EQ(stat((directory_ + "/ticket.key").c_str(), &attributes), 0);
  EXPECT_EQ(attributes.st_mode & 0777u, 0600u);
  EXPECT_THAT(GenerateTicketKey(directory_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "key_file_unusable"));
}

TEST_F(KeyFileTest, SaysWhatIsWrongWithAFile) {
  Write("short", "AAAA\n");
  Write("text", "hello, world");

  for (const char* name : {"absent", "short", "text"}) {
    const absl::StatusOr<Secret> read = KeyFile::ReadBase64(directory_ + "/" + name, 32);
    EXPECT_THAT(read, StatusIs(absl::StatusCode::kFailedPrecondition, "key_file_unusable"));
    EXPECT_THAT(Message(read.status()), testing::HasSubstr(name));
  }
}

}  // namespace
}  // namespace latchkey::secret
