// NumberKeys: which numbers have an OpenAI key of their own, and which may get one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

// Whose OpenAI key a number's calls use.
enum class VoiceMode { kManaged, kByok };

struct NumberVoice {
  VoiceMode mode = VoiceMode::kManaged;
  std::string key_preview;  // Empty: the number has no key.

  friend bool operator==(const NumberVoice&, const NumberVoice&) = default;
};

// What a tenant's plan and its numbers' keys make of each number. The mode follows from whether the
// vault has the number's key, and is kept nowhere: so there is nothing that could contradict it.
class NumberVoices {
 public:
  NumberVoices(Plan plan, std::map<NumberId, std::string> previews)
      : plan_(plan), previews_(std::move(previews)) {}

  NumberVoice Of(const NumberId& number) const;

 private:
  Plan plan_;
  std::map<NumberId, std::string> previews_;
};

// A number that may get a key.
struct KeyTarget {
  NumberId number;
  std::string model;  // That its calls use; never empty.
  Pipeline pipeline = Pipeline::kComposed;

  friend bool operator==(const KeyTarget&, const KeyTarget&) = default;
};

struct KeyTargets {
  std::vector<KeyTarget> numbers;
  std::vector<NumberId> unknown;
};

// More numbers than that get their keys by several requests.
inline constexpr size_t kKeyTargetsMax = 500;

// The ports outlive it. Lives on one io thread. Errors as the proto lists them.
class NumberKeys {
 public:
  NumberKeys(NumberStore& numbers, TenantStore& tenants, KeyCatalogue& keys)
      : numbers_(numbers), tenants_(tenants), keys_(keys) {}

  Task<absl::StatusOr<NumberVoices>> Voices(const TenantId& tenant);

  // Those of `wanted`, each once; all of the tenant's numbers, if nothing is given.
  Task<absl::StatusOr<KeyTargets>> Admit(const TenantId& tenant,
                                         const std::optional<std::vector<NumberId>>& wanted);

 private:
  Task<absl::StatusOr<KeyTargets>> All(const TenantId& tenant);
  Task<absl::StatusOr<KeyTargets>> Each(const TenantId& tenant,
                                        const std::vector<NumberId>& wanted);

  NumberStore& numbers_;
  TenantStore& tenants_;
  KeyCatalogue& keys_;
};

}  // namespace latchkey::orchestrator
