#include "tests/support/postgres_proxy.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "lib/base/check.h"

namespace latchkey {

namespace {

// A word may come in two pieces.
constexpr size_t kRememberedBytes = 256;

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  Check(path.size() < sizeof(address.sun_path), "the socket's path is short enough");
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// `function` is bind or connect.
template <typename Function>
int WithAddress(Function function, int socket, const std::string& path) {
  const sockaddr_un address = AddressOf(path);
  return function(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

int NewSocket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

// The folder after "host=".
std::string HostOf(const std::string& conninfo) {
  const size_t begin = conninfo.find("host=/");
  Check(begin != std::string::npos, "the server is reached by a Unix socket");
  return conninfo.substr(begin + 5, conninfo.find(' ', begin) - begin - 5);
}

}  // namespace

// One connection of the service's, and the one to Postgres that belongs to it.
struct PostgresProxy::Line {
  Line(int of_service, int of_server) : service(of_service), server(of_server) {}
  ~Line() {
    close(service);
    close(server);
  }

  const int service;
  const int server;
  std::string said;
  size_t heard_words = 0;
  bool stopped = false;
  bool cut = false;
};

PostgresProxy::PostgresProxy(const std::string& conninfo) {
  folder_ = "/tmp/latchkey-proxy-XXXXXX";
  Check(mkdtemp(folder_.data()) != nullptr, "no folder can be made in /tmp");
  const std::string host = HostOf(conninfo);
  server_ = host + "/.s.PGSQL.5432";
  conninfo_ = conninfo;
  conninfo_.replace(conninfo_.find(host), host.size(), folder_);
  listener_ = NewSocket();
  Check(WithAddress(bind, listener_, folder_ + "/.s.PGSQL.5432") == 0, "the proxy's socket binds");
  Check(listen(listener_, 64) == 0, "the proxy listens");
  bell_ = eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { Run(); });
}

PostgresProxy::~PostgresProxy() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  Wake();
  thread_.join();
  lines_.clear();
  close(listener_);
  close(bell_);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresProxy::StopBefore(std::vector<std::string> words) {
  Order(Rule::kBefore, std::move(words));
}

void PostgresProxy::StopAfter(std::vector<std::string> words) {
  Order(Rule::kAfter, std::move(words));
}

void PostgresProxy::Order(Rule rule, std::vector<std::string> words) {
  const std::lock_guard lock(mutex_);
  rule_ = rule;
  words_ = std::move(words);
  stopped_ = false;
  for (const std::unique_ptr<Line>& line : lines_) {
    line->heard_words = 0;
    line->said.clear();
  }
}

bool PostgresProxy::AwaitStopped(absl::Duration limit) {
  std::unique_lock lock(mutex_);
  return stopped_bell_.wait_for(lock, absl::ToChronoNanoseconds(limit),
                                [this] { return stopped_; });
}

void PostgresProxy::Freeze() {
  const std::lock_guard lock(mutex_);
  frozen_ = true;
}

void PostgresProxy::Go() {
  {
    const std::lock_guard lock(mutex_);
    frozen_ = false;
    rule_ = Rule::kNone;
    for (const std::unique_ptr<Line>& line : lines_) line->cut = line->stopped;
  }
  Wake();
}

void PostgresProxy::Wake() {
  const uint64_t one = 1;
  Check(write(bell_, &one, sizeof(one)) == sizeof(one), "the proxy is woken");
}

// Lines are added and removed on this thread only, under the lock.
void PostgresProxy::Run() {
  while (true) {
    std::vector<pollfd> polled = {{bell_, POLLIN, 0}, {listener_, POLLIN, 0}};
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return;
      std::erase_if(lines_, [](const std::unique_ptr<Line>& line) { return line->cut; });
      for (const std::unique_ptr<Line>& line : lines_) {
        // A negative descriptor is passed over.
        polled.push_back({frozen_ || line->stopped ? -1 : line->service, POLLIN, 0});
        polled.push_back({frozen_ || line->stopped ? -1 : line->server, POLLIN, 0});
      }
    }
    poll(polled.data(), polled.size(), 50);
    uint64_t rung = 0;
    if (polled[0].revents != 0) Check(read(bell_, &rung, sizeof(rung)) > 0, "the bell is read");
    const std::lock_guard lock(mutex_);
    std::vector<Line*> ended;
    for (size_t i = 2; i < polled.size(); ++i) {
      Line& line = *lines_[(i - 2) / 2];
      if (polled[i].revents != 0 && !Carry(line, i % 2 == 0)) ended.push_back(&line);
    }
    std::erase_if(lines_, [&](const std::unique_ptr<Line>& line) {
      return std::ranges::count(ended, line.get()) > 0;
    });
    if (polled[1].revents != 0) Accept();
  }
}

void PostgresProxy::Accept() {
  const int service = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (service < 0) return;
  auto line = std::make_unique<Line>(service, NewSocket());
  // A server that is away looks to the service as it would without us: the connection ends.
  if (WithAddress(connect, line->server, server_) == 0) lines_.push_back(std::move(line));
}

// False: the connection has ended. Everything is small, so that writing does not block for long.
bool PostgresProxy::Carry(Line& line, bool from_service) {
  if (line.cut) return false;
  if (frozen_ || line.stopped) return true;
  const int from = from_service ? line.service : line.server;
  const int to = from_service ? line.server : line.service;
  std::array<char, 65536> buffer;
  const ssize_t got = recv(from, buffer.data(), buffer.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  const auto size = static_cast<size_t>(got);
  if (from_service) Hear(line, std::string_view(buffer.data(), size));
  const bool all_said = rule_ != Rule::kNone && line.heard_words == words_.size();
  if (all_said && from_service == (rule_ == Rule::kBefore)) {
    line.stopped = stopped_ = true;
    rule_ = Rule::kNone;
    stopped_bell_.notify_all();
    return true;
  }
  recv(from, buffer.data(), size, 0);
  return send(to, buffer.data(), size, MSG_NOSIGNAL) == got;
}

void PostgresProxy::Hear(Line& line, std::string_view words) {
  if (rule_ == Rule::kNone) return;
  line.said.append(words);
  while (line.heard_words < words_.size()) {
    const std::string& word = words_[line.heard_words];
    const size_t found = line.said.find(word);
    if (found == std::string::npos) break;
    line.said.erase(0, found + word.size());
    ++line.heard_words;
  }
  if (line.said.size() > kRememberedBytes) line.said.erase(0, line.said.size() - kRememberedBytes);
}

}  // namespace latchkey
