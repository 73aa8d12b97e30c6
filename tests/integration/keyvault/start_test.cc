// What an operator sees when keyvault cannot start, from the program itself.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "lib/secret/key_ring.h"
#include "lib/secret/mac.h"
#include "tests/integration/keyvault/keyvault_fixture.h"
#include "tests/support/keyvault/sample_keys.h"

namespace latchkey::keyvault {
namespace {

using testing::HasSubstr;

struct Outcome {
  int code;
  std::string output;
};

// `variable` is put into an otherwise empty environment.
Outcome RunProgram(const std::string& arguments, const std::string& variable = "") {
  const std::string command =
      "env -i " + variable + " " + LATCHKEY_KEYVAULT_PROGRAM + " " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (const size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), got);
  }
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

class StartTest : public KeyvaultFixture {
 protected:
  std::string Arguments() {
    const rpc::TlsFiles tls = pki_.ForService("keyvault");
    const std::string public_key = pki_.directory() + "/ticket.pub";
    std::ofstream(public_key) << secret::Base64(dialer_.verifying_key().bytes());
    return "--tls-cert=" + tls.cert + " --tls-key=" + tls.key + " --tls-ca=" + tls.ca + " --pg='" +
           database_.service + "' --ticket-public-key-file=" + public_key;
  }
};

TEST_F(StartTest, RefusesWithoutARootKey) {
  const Outcome outcome = RunProgram(Arguments());

  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.output, HasSubstr("TENANT_KEY_ENCRYPTION_KEY is not set."));
  EXPECT_THAT(outcome.output, HasSubstr("--generate-root-key"));
}

TEST_F(StartTest, RefusesARootKeyOfTheWrongLength) {
  const std::string shorter = secret::Base64(std::string(16, 'k'));

  const Outcome outcome = RunProgram(Arguments(), "TENANT_KEY_ENCRYPTION_KEY='" + shorter + "'");

  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.output,
              HasSubstr("TENANT_KEY_ENCRYPTION_KEY holds 16 bytes; a root key has 32."));
  EXPECT_THAT(outcome.output, testing::Not(HasSubstr(shorter)));
}

TEST_F(StartTest, RefusesARootKeyThatCannotOpenTheRowsThatExist) {
  ASSERT_THAT(
      Put("tnt_a", type::v1::PROVIDER_ANTHROPIC, {{"api_key", std::string(kAnthropicKey)}}, "r1"),
      IsOk());

  const Outcome outcome =
      RunProgram(Arguments(), "TENANT_KEY_ENCRYPTION_KEY='" + secret::GenerateRootKey() + "'");

  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.output, HasSubstr("keyvault does not start: Stored keys are sealed under"));
  EXPECT_THAT(outcome.output, HasSubstr("Start with the root key that they were saved with."));
}

TEST_F(StartTest, GeneratesWhatItAsksFor) {
  const Outcome root = RunProgram("--generate-root-key");
  const std::string directory = pki_.directory() + "/tickets";
  const Outcome ticket = RunProgram("--generate-ticket-key=" + directory);

  EXPECT_EQ(root.code, 0);
  EXPECT_THAT(secret::KeyRing::FromBase64(root.output, "test"), IsOk());
  EXPECT_EQ(ticket.code, 0);
  EXPECT_THAT(secret::SigningKey::FromFile(directory + "/ticket.key"), IsOk());
  EXPECT_THAT(secret::VerifyingKey::FromFile(directory + "/ticket.pub"), IsOk());
}

TEST_F(StartTest, MigratesOnceAndThenFindsNothingToDo) {
  const Outcome again = RunProgram(Arguments() + " --migrate --pg-owner='" + database_.owner + "'");

  EXPECT_EQ(again.code, 0) << again.output;
}

}  // namespace
}  // namespace latchkey::keyvault
