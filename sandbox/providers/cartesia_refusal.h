// CartesiaRefusal: how the API refuses a request, by HTTP and on the websocket.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace latchkey::sandbox {

// `status` 0: it does not.
struct CartesiaRefusal {
  CartesiaRefusal() = default;
  CartesiaRefusal(int its_status, std::string its_code, std::string its_message)
      : status(its_status), code(std::move(its_code)), message(std::move(its_message)) {}

  int status = 0;
  std::string code;  // "model_not_found"; "" stands for null.
  std::string message;
};

// The words for a status; `code` in place of the usual one where it is set.
CartesiaRefusal CartesiaRefusalOf(int status, std::string_view code);

// Errors are JSON since version 2026-03-01; before, they were plain text.
bool HasStructuredErrors(std::string_view version);

// The body of a refused HTTP request.
std::string CartesiaErrorBody(const CartesiaRefusal& refusal, std::string_view version);
// The message on the websocket. Without a context ("") it concerns the whole message.
std::string CartesiaErrorMessage(std::string_view context_id, const CartesiaRefusal& refusal,
                                 std::string_view version);

}  // namespace latchkey::sandbox
