#include "sandbox/providers/openai_error.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

json::value OrNull(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::value(text);
}

OpenaiError TooMany(std::string_view code) {
  const bool quota = code == "insufficient_quota" || code == "credit_balance_exhausted" ||
                     code.ends_with("_limit_exceeded");
  if (quota && code != "rate_limit_exceeded") {
    return {std::string(code),
            "You exceeded your current quota, please check your plan and billing details.", "",
            "insufficient_quota"};
  }
  return {std::string(code.empty() ? "rate_limit_exceeded" : code),
          "Rate limit reached on tokens per min (TPM): Limit 40000, Used 40000, Requested 130. "
          "Please try again in 1s.",
          "", "rate_limit_exceeded"};
}

}  // namespace

OpenaiError OpenaiErrorFor(int status, std::string_view code) {
  if (status == 401 && code.empty()) return WrongOpenaiKey("");
  if (status == 429) return TooMany(code);
  if (status == 503 || status == 529) {
    return {"server_is_overloaded", "The server is overloaded. Please try again later.", "",
            "server_error"};
  }
  if (status >= 500) {
    return {std::string(code.empty() ? "server_error" : code),
            "The server had an error while processing your request. Sorry about that!", "",
            "server_error"};
  }
  if (code == "account_deactivated") {
    return {std::string(code),
            "The OpenAI account associated with this API key has been deactivated."};
  }
  return {std::string(code),
          "You have insufficient permissions for this operation. Missing scopes: "
          "api.model.read, api.model.request."};
}

OpenaiError WrongOpenaiKey(std::string_view key) {
  constexpr size_t kShownFrom = 16, kShown = 4;
  const std::string end(key.size() < kShownFrom ? "" : key.substr(key.size() - kShown));
  const std::string_view begin = key.starts_with("sk-proj-") ? "sk-proj-" : "sk-";
  return {"invalid_api_key",
          fmt::format("Incorrect API key provided: {}********{}. You can find your API key at "
                      "https://platform.openai.com/account/api-keys.",
                      begin, end)};
}

OpenaiError MissingOpenaiKey() {
  return {"invalid_api_key", "Missing bearer or basic authentication in header"};
}

OpenaiError OpenaiModelNotFound(std::string_view model) {
  return {"model_not_found",
          fmt::format("The model `{}` does not exist or you do not have access to it.", model)};
}

std::string OpenaiErrorBody(const OpenaiError& error) {
  return json::serialize(json::object{{"error", json::object{{"message", error.message},
                                                             {"type", error.type},
                                                             {"param", OrNull(error.param)},
                                                             {"code", OrNull(error.code)}}}});
}

json::object OpenaiErrorEvent(const OpenaiError& error, std::string_view event_id) {
  const json::object inner{{"type", error.type},
                           {"code", OrNull(error.code)},
                           {"message", error.message},
                           {"param", OrNull(error.param)},
                           {"event_id", OrNull(std::string(event_id))}};
  return {{"type", "error"}, {"error", inner}};
}

// Field reports, not the documents, give these numbers.
OpenaiClose OpenaiCloseFor(const OpenaiError& error) {
  OpenaiClose close;
  if (error.code == "invalid_api_key" || error.code == "insufficient_scope" ||
      error.code == "account_deactivated") {
    close.code = 3000;
  } else if (error.code == "missing_model" || error.code == "invalid_model" ||
             error.code == "beta_api_shape_disabled") {
    close.code = 4000;
  } else if (error.code == "model_not_found") {
    close.code = 4004;
  } else if (error.type == "insufficient_quota") {
    close.code = 1013;
  } else if (error.code == "session_expired") {
    close.code = 1001;
  } else if (error.type == "server_error") {
    close.code = 1011;
  }
  if (close.code != 0) close.reason = fmt::format("{}.{}", error.type, error.code);
  return close;
}

}  // namespace latchkey::sandbox
