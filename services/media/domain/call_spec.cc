#include "services/media/domain/call_spec.h"

namespace latchkey::media {

const char* DispositionText(Disposition disposition) {
  switch (disposition) {
    case Disposition::kCompleted:
      return "completed";
    case Disposition::kBusy:
      return "busy";
    case Disposition::kNoAnswer:
      return "no_answer";
    case Disposition::kFailed:
      return "failed";
    case Disposition::kCanceled:
      return "canceled";
  }
  return "failed";
}

}  // namespace latchkey::media
