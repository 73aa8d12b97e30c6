// KeyHosts: the hosts that each provider's keys may be sent to.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lib/provider/catalogue.h"

namespace latchkey::provider {

// The operator's settings name them: the hosts of the base URLs that a service was started with.
// Nothing that a tenant says ever does.
class KeyHosts {
 public:
  // A provider may have several, one for each of its regions.
  void Name(Provider provider, std::string host) { hosts_[provider].push_back(std::move(host)); }

  // Those that were named; the catalogue's own host for a provider of which none was.
  std::vector<std::string> Of(Provider provider) const;

 private:
  std::map<Provider, std::vector<std::string>> hosts_;
};

}  // namespace latchkey::provider
