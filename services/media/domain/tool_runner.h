// ToolRunner: runs a tenant's tools, as a call asks for it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/media/domain/tool_use.h"

namespace latchkey::media {

// A streaming port (ports.h): commands do not wait.
class ToolRunner {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    // Once for each run. The answer is a stranger's text; an error has orchestrator's reasons.
    virtual void OnToolAnswer(int run, const absl::StatusOr<std::string>& answer) = 0;
  };
  virtual ~ToolRunner() = default;
  virtual void Start(Listener& listener) = 0;
  // `timeout` is the tool's own. Several may run at a time.
  virtual void Run(int run, const ToolUse& use, absl::Duration timeout) = 0;
  virtual void Stop() = 0;  // No call of the listener after this.
};

}  // namespace latchkey::media
