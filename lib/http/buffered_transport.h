// BufferedTransport: a connection with the bytes that were read from it and not yet used.
#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

#include "lib/base/task.h"
#include "lib/http/transport.h"
#include "lib/secret/wiped_text.h"

namespace latchkey::http {

class BufferedTransport {
 public:
  explicit BufferedTransport(Transport transport) : transport_(std::move(transport)) {}

  // Reads what has come, at least one byte, behind what input() holds.
  Task<boost::system::error_code> Fill();
  // Writes all of it.
  Task<boost::system::error_code> Write(std::string_view bytes);

  std::string_view input() const { return std::string_view(input_).substr(used_); }
  // Overwrites and drops so much of input(): it may hold a key.
  void Consume(size_t bytes);

  Transport& transport() { return transport_; }
  Transport Release() && { return std::move(transport_); }

 private:
  Transport transport_;
  secret::WipedText input_;
  size_t used_ = 0;
};

}  // namespace latchkey::http
