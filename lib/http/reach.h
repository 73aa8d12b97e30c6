// Reach: where a client looks up names, and where it may go.
#pragma once

#include <boost/asio/ip/address.hpp>

#include "lib/http/resolver.h"

namespace latchkey::http {

// The addresses that are judged are those that are connected to, so a name whose answer changes in
// between changes nothing.
struct Reach {
  Resolver* resolver = nullptr;  // Outlives the client. Null: the machine's own.
  // Null: anywhere.
  bool (*may_connect)(const boost::asio::ip::address& address) = nullptr;
};

}  // namespace latchkey::http
