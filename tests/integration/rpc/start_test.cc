#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "lib/rpc/process.h"
#include "tests/integration/rpc/echo_service.h"

namespace latchkey {
namespace {

class CarelessService {
 public:
  Task<absl::Status> Forget(const rpc::CallContext&, const pb::ForgetRequest&,
                            pb::ForgetResponse&) {
    co_return absl::OkStatus();
  }
  Task<absl::Status> Indulge(const rpc::CallContext&, const pb::IndulgeRequest&,
                             pb::IndulgeResponse&) {
    co_return absl::OkStatus();
  }
  Task<absl::Status> Mistake(const rpc::CallContext&, const pb::MistakeRequest&,
                             pb::MistakeResponse&) {
    co_return absl::OkStatus();
  }
};

TEST_F(EchoTest, AMethodWithoutCallersDoesNotStart) {
  CarelessService careless;
  host_->Serve<pb::Careless>(careless).Unary(&pb::Careless::AsyncService::RequestForget,
                                             &CarelessService::Forget);

  const absl::Status started = host_->Start();

  EXPECT_THAT(started, StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
  EXPECT_THAT(Message(started), testing::HasSubstr("Careless/Forget has no `callers`"));
}

TEST_F(EchoTest, AMethodWithoutALimitDoesNotStart) {
  CarelessService careless;
  host_->Serve<pb::Boundless>(careless).Unary(&pb::Boundless::AsyncService::RequestIndulge,
                                              &CarelessService::Indulge);

  const absl::Status started = host_->Start();

  EXPECT_THAT(started, StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
  EXPECT_THAT(Message(started), testing::HasSubstr("no `limit` of calls"));
  EXPECT_THAT(Message(started), testing::HasSubstr("Boundless.Indulge"));
}

TEST_F(EchoTest, AMethodWithAnUnknownCallerDoesNotStart) {
  CarelessService careless;
  host_->Serve<pb::Misspelt>(careless).Unary(&pb::Misspelt::AsyncService::RequestMistake,
                                             &CarelessService::Mistake);

  const absl::Status started = host_->Start();

  EXPECT_THAT(started, StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
  EXPECT_THAT(Message(started), testing::HasSubstr("\"mediia\""));
}

TEST_F(EchoTest, AMethodThatNobodyRegisteredDoesNotStart) {
  rpc::Host host(Options());
  host.Serve<pb::Echo>(*service_).Unary(&pb::Echo::AsyncService::RequestSay, &EchoService::Say);

  const absl::Status started = host.Start();

  EXPECT_THAT(started, StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
  EXPECT_THAT(Message(started), testing::HasSubstr("Echo/Repeat"));
}

TEST_F(EchoTest, APortInUseDoesNotStart) {
  Serve();
  rpc::HostOptions options = Options();
  options.listen = running_->address();
  rpc::Host second(options);

  EXPECT_THAT(second.Start(), StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
}

TEST_F(EchoTest, AKeyOfAnotherCertificateIsNotLoaded) {
  rpc::TlsFiles files = pki_.ForService("media");
  files.key = pki_.ForService("media").key;

  EXPECT_THAT(rpc::LoadTls(files),
              StatusIs(absl::StatusCode::kFailedPrecondition, "bad_certificate"));
}

// What the process's own user finds when it looks into its memory: an errno, or 0.
int LookInto(pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/mem";
  const int memory = open(path.c_str(), O_RDONLY);
  if (memory < 0) return errno;
  close(memory);
  return 0;
}

// A child of an ordinary user, hardened or not, that waits until it is killed.
pid_t StartChild(bool hardened, int ready) {
  const pid_t child = fork();
  if (child != 0) return child;
  // Giving up root makes a process undumpable; one that never was root is dumpable.
  if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(1);
  prctl(PR_SET_DUMPABLE, 1);
  if (hardened) rpc::HardenProcess();
  if (write(ready, "r", 1) != 1) _exit(2);
  while (true) pause();
}

// Run in a process of its own, since its user is given up.
int LookIntoAChild(bool hardened) {
  int ready[2];
  if (pipe(ready) != 0) return -1;
  const pid_t child = StartChild(hardened, ready[1]);
  char byte = 0;
  if (read(ready[0], &byte, 1) != 1) return -2;
  if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return -3;
  const int seen = LookInto(child);
  kill(child, SIGKILL);
  return seen;
}

int InAnotherProcess(bool hardened) {
  const pid_t watcher = fork();
  if (watcher == 0) _exit(LookIntoAChild(hardened));
  int status = 0;
  waitpid(watcher, &status, 0);
  return WEXITSTATUS(status);
}

TEST(ProcessTest, OnlyRootLooksIntoAHardenedProcess) {
  EXPECT_EQ(InAnotherProcess(/*hardened=*/false), 0);
  EXPECT_EQ(InAnotherProcess(/*hardened=*/true), EACCES);
}

TEST(ProcessTest, AHardenedProcessWritesNoCore) {
  const pid_t child = fork();
  if (child == 0) {
    rpc::HardenProcess();
    rlimit limit{};
    getrlimit(RLIMIT_CORE, &limit);
    _exit(limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(ProcessTest, VariablesThatRevealSecretsAreNoticed) {
  for (const char* name : {"GRPC_TRACE", "GRPC_VERBOSITY", "SSLKEYLOGFILE"}) {
    setenv(name, "all", 1);
    EXPECT_EQ(rpc::RevealingVariable(), name);
    unsetenv(name);
  }
  EXPECT_EQ(rpc::RevealingVariable(), "");
}

}  // namespace
}  // namespace latchkey
