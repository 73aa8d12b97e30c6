// Public address: whether an address is one of the open internet.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace latchkey::http {

// False for every address that IANA's special-purpose registries (RFC 6890 and after) do not call
// globally reachable: private, loopback, link-local, shared, documentation, multicast, reserved
// ones. An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) is as
// good as what it carries, and most of these are no host's own at all: they are false.
bool IsPublic(const boost::asio::ip::address& address);

}  // namespace latchkey::http
