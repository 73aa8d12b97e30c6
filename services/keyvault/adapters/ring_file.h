// RingFile: the key ring's file, read again when it has changed.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/secret/key_ring.h"

namespace latchkey::keyvault {

// Reads on a thread of its own, so that a slow disk holds up nobody. Used from one io thread.
class RingFile {
 public:
  // The file as it is now counts as known.
  explicit RingFile(std::string path);
  ~RingFile();

  // The ring, or what is wrong with it, when the file is another than at the last call; else
  // nothing. A file that is gone counts as unchanged: it may be on its way back (a mounted secret
  // is replaced by renaming). Errors are those of KeyRing::FromFile.
  Task<std::optional<absl::StatusOr<secret::KeyRing>>> Changed();

  // The next call takes the file as changed: what it held could not be judged.
  void Forget() { known_.clear(); }

 private:
  struct Look {
    std::string description;
    std::optional<absl::StatusOr<secret::KeyRing>> ring;
  };

  static Task<Look> LookAt(std::string path, std::string known);

  const std::string path_;
  std::string known_;  // Which file it was: device, inode, size and times.
  boost::asio::thread_pool disk_{1};
};

}  // namespace latchkey::keyvault
