// Whatever is written into the checkpoints' file behind a signed line: the signed one is found, and
// nothing that is not signed is believed.
#include "services/keyvault/adapters/checkpoint_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/fuzz_input.h"
#include "tests/support/await.h"

namespace {

struct Folder {
  Folder() { latchkey::Check(mkdtemp(path.data()) != nullptr, "a directory can be made"); }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path = "/tmp/latchkey-checkpoints-XXXXXX";
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  static const secret::KeyRing ring =
      *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  static const keyvault::AuditChain chain(ring);
  static const Folder folder;
  static const TenantId tenant = *TenantId::Parse("tnt_0123456789abcdefghjkmnpqrs");
  const std::string path = folder.path + "/audit-checkpoints.jsonl";
  std::ofstream(path, std::ios::trunc | std::ios::binary);
  boost::asio::io_context io{1};  // Outlives the file's thread, which posts to it.
  keyvault::CheckpointFile file(folder.path);
  keyvault::AuditCheckpoint signed_one;
  signed_one.tenant = tenant.text();
  signed_one.number = 7;
  signed_one.hash = std::string(32, 'h');
  signed_one.time = absl::FromUnixSeconds(1'790'000'000);
  chain.Sign(signed_one);
  Check(Await(io, file.Append({signed_one})).ok(), "a checkpoint is written");
  std::ofstream(path, std::ios::app | std::ios::binary) << AsText(data, size);

  const auto found = Await(io, file.ListLast(tenant));

  Check(found.ok(), "the file can be read");
  int believed = 0;
  for (const keyvault::AuditCheckpoint& one : *found) {
    if (!chain.Verify(one)) continue;
    ++believed;
    Check(one.number == 7 && one.hash == signed_one.hash, "what is not signed is not believed");
  }
  Check(believed == 1, "the signed line is found");
  return 0;
}
