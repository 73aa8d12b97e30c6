#include "sandbox/carrier/twilio/number_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "lib/http/url.h"
#include "sandbox/carrier/twilio/list_filter.h"

namespace latchkey::sandbox::twilio {
namespace {

namespace json = boost::json;

http::Response Answer(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", "application/json"}};
  response.body = std::move(body);
  return response;
}

json::value TextOrNull(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::value(text);
}

std::optional<std::string> FindNumber(const TwilioAccount& account, std::string_view sid) {
  for (const std::string& number : account.numbers) {
    if (NumberSid(number) == sid) return number;
  }
  return std::nullopt;
}

http::Response Unknown(const TwilioAccount& account, std::string_view sid) {
  return ToResponse(
      {404, 20404,
       fmt::format(
           "The requested resource /2010-04-01/Accounts/{}/IncomingPhoneNumbers/{}.json was "
           "not found",
           account.account_sid, sid)});
}

// Twilio's code for each URL that is none.
RestError CheckUrl(const http::Form& form, const char* name, int code) {
  const std::string text(form.Get(name));
  if (text.empty() || http::Url::Parse(text.substr(0, text.find('#'))).ok()) {
    return {.status = 0, .code = 0, .message = ""};
  }
  return {400, code, fmt::format("{} is not a valid URL", name)};
}

void Take(const http::Form& form, const char* name, std::string& member) {
  if (form.Has(name)) member = form.Get(name);
}

}  // namespace

std::string NumberSid(std::string_view e164) { return fmt::format("PN{:0>32}", e164.substr(1)); }

NumberSettings NumberBook::SettingsOf(std::string_view e164) const {
  const auto found = settings_.find(e164);
  return found == settings_.end() ? NumberSettings{} : found->second;
}

std::string NumberBook::Json(const TwilioAccount& account, const std::string& e164) const {
  const NumberSettings settings = SettingsOf(e164);
  const std::string sid = NumberSid(e164);
  const json::object body = {
      {"sid", sid},
      {"account_sid", account.account_sid},
      {"phone_number", e164},
      {"friendly_name", settings.friendly_name.empty() ? e164 : settings.friendly_name},
      {"api_version", "2010-04-01"},
      {"beta", false},
      {"capabilities", {{"voice", true}, {"sms", false}, {"mms", false}, {"fax", false}}},
      {"date_created", "Sat, 01 Aug 2026 09:30:00 +0000"},
      {"date_updated", "Sat, 01 Aug 2026 09:30:00 +0000"},
      {"origin", "twilio"},
      {"status", "in-use"},
      {"voice_url", TextOrNull(settings.voice_url)},
      {"voice_method", settings.voice_method},
      {"voice_fallback_url", TextOrNull(settings.voice_fallback_url)},
      {"voice_fallback_method", "POST"},
      {"voice_caller_id_lookup", false},
      {"status_callback", TextOrNull(settings.status_callback)},
      {"status_callback_method", "POST"},
      {"uri", fmt::format("/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{}.json",
                          account.account_sid, sid)}};
  return json::serialize(body);
}

http::Response NumberBook::List(const TwilioAccount& account, const http::Form& query) const {
  const PageWanted wanted(query);
  std::vector<std::string> fitting;
  for (const std::string& number : account.numbers) {
    if (query.Has("PhoneNumber") && query.Get("PhoneNumber") != number) continue;
    fitting.push_back(Json(account, number));
  }
  return Answer(200, wanted.Show("incoming_phone_numbers", fitting,
                                 fmt::format("/2010-04-01/Accounts/{}/IncomingPhoneNumbers.json",
                                             account.account_sid)));
}

http::Response NumberBook::Show(const TwilioAccount& account, std::string_view sid) const {
  const std::optional<std::string> number = FindNumber(account, sid);
  if (!number) return Unknown(account, sid);
  return Answer(200, Json(account, *number));
}

http::Response NumberBook::Change(const TwilioAccount& account, std::string_view sid,
                                  const http::Form& form) {
  const std::optional<std::string> number = FindNumber(account, sid);
  if (!number) return Unknown(account, sid);
  RestError wrong = CheckUrl(form, "VoiceUrl", 21402);
  if (wrong.status == 0) wrong = CheckUrl(form, "VoiceFallbackUrl", 21405);
  if (wrong.status == 0) wrong = CheckUrl(form, "StatusCallback", 21609);
  const std::string_view method = form.Has("VoiceMethod") ? form.Get("VoiceMethod") : "POST";
  if (wrong.status == 0 && method != "POST" && method != "GET") {
    wrong = {400, 21403, "VoiceMethod is not GET or POST"};
  }
  if (wrong.status != 0) return ToResponse(wrong);
  NumberSettings& settings = settings_[*number];
  Take(form, "FriendlyName", settings.friendly_name);
  Take(form, "VoiceUrl", settings.voice_url);
  Take(form, "VoiceMethod", settings.voice_method);
  Take(form, "VoiceFallbackUrl", settings.voice_fallback_url);
  Take(form, "StatusCallback", settings.status_callback);
  return Answer(200, Json(account, *number));
}

}  // namespace latchkey::sandbox::twilio
