#include "services/keyvault/adapters/ring_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace latchkey::keyvault {

namespace asio = boost::asio;

namespace {

// "" when there is no such file.
std::string Describe(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) return "";
  return fmt::format("{}/{}/{}/{}.{}/{}.{}", found.st_dev, found.st_ino, found.st_size,
                     found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_ctim.tv_sec,
                     found.st_ctim.tv_nsec);
}

}  // namespace

RingFile::RingFile(std::string path) : path_(std::move(path)), known_(Describe(path_)) {}

RingFile::~RingFile() { disk_.join(); }

Task<std::optional<absl::StatusOr<secret::KeyRing>>> RingFile::Changed() {
  Look look = co_await asio::co_spawn(disk_, LookAt(path_, known_), asio::use_awaitable);
  if (look.ring.has_value()) known_ = look.description;
  co_return std::move(look.ring);
}

// On the disk's thread.
Task<RingFile::Look> RingFile::LookAt(std::string path, std::string known) {
  Look look{Describe(path), std::nullopt};
  if (!look.description.empty() && look.description != known) {
    look.ring = secret::KeyRing::FromFile(path);
  }
  co_return look;
}

}  // namespace latchkey::keyvault
