// RingFolder: the key ring's file and the audit's checkpoints, in a folder that goes with the
// object.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/secret/key_ring.h"

namespace latchkey::keyvault {

// Root keys are made when they are first named; the same id is the same key for ever.
class RingFolder {
 public:
  // With one root key, "first".
  RingFolder();
  ~RingFolder();
  RingFolder(const RingFolder&) = delete;
  RingFolder& operator=(const RingFolder&) = delete;

  // Puts another ring in place of the one before, in one step, as a mounted secret is replaced.
  void Write(std::string_view current, const std::vector<std::string>& ids);

  // What the file holds now.
  secret::KeyRing Load() const;

  std::string file() const { return folder_ + "/ring"; }
  std::string checkpoints() const { return folder_; }
  std::string checkpoint_file() const { return folder_ + "/audit-checkpoints.jsonl"; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  std::map<std::string, std::string, std::less<>> keys_;
};

}  // namespace latchkey::keyvault
