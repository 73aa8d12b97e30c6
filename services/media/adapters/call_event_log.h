// CallEventLog: sends what happens in calls to orchestrator, in batches.
#pragma once

#include <deque>
#include <string>

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/rpc/client.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// One for the instance; lives on the host's io thread, but for Post. A batch every 200 ms, repeated
// until orchestrator has committed it. When orchestrator is away for long the oldest events go.
class CallEventLog {
 public:
  CallEventLog(Executor executor, rpc::Client<orchestrator::v1::Orchestrator>& client);

  // From any thread.
  void Post(orchestrator::v1::CallEvent event);

  // Sends for ever; spawn it.
  Task<void> Run();
  // Sends what is left, once. When Run has been joined.
  Task<void> Flush();

 private:
  Task<bool> SendBatch();

  Executor executor_;
  rpc::Client<orchestrator::v1::Orchestrator>& client_;
  std::deque<orchestrator::v1::CallEvent> waiting_;
  bool kept_ = true;  // The last batch was.
};

// One call's part of it. Lives on the call's io thread.
class CallEventSource final : public CallLog {
 public:
  // Sequences count up from `first`: an instance that settles another's call starts far above.
  CallEventSource(CallEventLog& log, std::string call_id, std::string tenant_id,
                  Direction direction, int64_t first = 1);

  void Append(absl::Time when, CallEvent event) override;

 private:
  CallEventLog& log_;
  const std::string call_id_;
  const std::string tenant_id_;
  const Direction direction_;
  int64_t next_;
};

}  // namespace latchkey::media
