#include "tests/integration/keyvault/ring_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::keyvault {

RingFolder::RingFolder() {
  folder_ = "/tmp/latchkey-ring-XXXXXX";
  Check(mkdtemp(folder_.data()) != nullptr, "no folder can be made in /tmp");
  Write("first", {"first"});
}

RingFolder::~RingFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RingFolder::Write(std::string_view current, const std::vector<std::string>& ids) {
  {
    std::ofstream fresh(file() + ".new");
    fresh << "current " << current << "\n";
    for (const std::string& id : ids) {
      if (!keys_.contains(id)) keys_[id] = secret::GenerateRootKey();
      fresh << id << " " << keys_[id] << "\n";
    }
  }
  std::filesystem::rename(file() + ".new", file());
}

secret::KeyRing RingFolder::Load() const {
  absl::StatusOr<secret::KeyRing> ring = secret::KeyRing::FromFile(file());
  Check(ring.ok(), Message(ring.status()));
  return *std::move(ring);
}

}  // namespace latchkey::keyvault
