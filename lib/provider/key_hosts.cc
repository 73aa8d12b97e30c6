#include "lib/provider/key_hosts.h"

#include <string_view>

namespace latchkey::provider {

std::vector<std::string> KeyHosts::Of(Provider provider) const {
  const auto named = hosts_.find(provider);
  if (named != hosts_.end()) return named->second;
  constexpr std::string_view kScheme = "https://";
  return {std::string(Describe(provider).base_url.substr(kScheme.size()))};
}

}  // namespace latchkey::provider
