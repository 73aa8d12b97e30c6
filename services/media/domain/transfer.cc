#include "services/media/domain/transfer.h"

#include <fmt/format.h>

#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

struct Meaning {
  TransferResult result;
  std::string_view reason;
  std::string_view message;  // With the name in it.
  std::string_view sentence;
};

constexpr Meaning kMeanings[] = {
    {TransferResult::kConnected, reasons::kTransferred, "Transferred to {}.", ""},
    {TransferResult::kBusy, reasons::kTransferBusy, "{} was busy.", lines::kTransferBusy},
    {TransferResult::kNoAnswer, reasons::kTransferNoAnswer, "{} did not answer.",
     lines::kTransferNoAnswer},
    {TransferResult::kFailed, reasons::kTransferFailed,
     "The carrier could not reach {}: check its number.", lines::kTransferFailed},
    {TransferResult::kHungUp, reasons::kCalleeHungUp, "They hung up before {} answered.", ""},
};

const Meaning& MeaningOf(TransferResult result) { return kMeanings[static_cast<size_t>(result)]; }

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kMeanings); ++i) {
    if (static_cast<size_t>(kMeanings[i].result) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "a result's meaning stands at its place");

}  // namespace

std::string_view TransferReason(TransferResult result) { return MeaningOf(result).reason; }

std::string TransferMessage(TransferResult result, std::string_view name) {
  return fmt::format(fmt::runtime(MeaningOf(result).message), name);
}

std::string_view TransferSentence(TransferResult result) { return MeaningOf(result).sentence; }

}  // namespace latchkey::media
