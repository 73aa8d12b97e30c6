#include "services/keyvault/adapters/fallback_log.h"

#include "lib/base/log.h"
#include "lib/base/metrics.h"

namespace latchkey::keyvault {

void FallbackLog::OnFallback(const Lease& lease, int refused_version) {
  const KeyInfo& info = lease.key.info;
  const std::string provider(provider::Name(info.slot.provider));
  log::Error("a saved key does not work in calls", {{"tenant_id", info.slot.tenant.text()},
                                                    {"provider", provider},
                                                    {"key_id", info.id.text()},
                                                    {"refused_version", refused_version},
                                                    {"used_version", info.version}});
  metrics::MakeCounter("latchkey_keyvault_key_fallbacks_total",
                       "Calls that went back to the key before, since the new one was refused.",
                       {{"provider", provider}})
      .Add();
}

}  // namespace latchkey::keyvault
