#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

#include "lib/phone/numbering_plan.h"

namespace latchkey::phone {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;
using i18n::phonenumbers::ShortNumberInfo;

constexpr char kUnknownRegion[] = "ZZ";
constexpr char kNoCountry[] = "001";  // libphonenumber's region of the codes that are no country's.
constexpr int kNorthAmerica = 1;

std::string RegionOf(const PhoneNumberUtil& util, const PhoneNumber& number) {
  std::string region;
  util.GetRegionCodeForNumber(number, &region);
  if (region.empty() || region == kUnknownRegion) {
    util.GetRegionCodeForCountryCode(number.country_code(), &region);
  }
  return region == kUnknownRegion || region == kNoCountry ? "" : region;
}

bool IsPremium(const PhoneNumberUtil& util, const PhoneNumber& number,
               const std::string& national) {
  const PhoneNumberUtil::PhoneNumberType type = util.GetNumberType(number);
  if (type == PhoneNumberUtil::PREMIUM_RATE || type == PhoneNumberUtil::SHARED_COST) return true;
  // Every +1 900 number is premium (nanpa.com, "900 NPA"), also where the metadata does not know
  // it.
  return number.country_code() == kNorthAmerica && national.starts_with("900");
}

// A valid number is a subscriber's, whatever it begins with (Delhi's begin with 11); an invalid one
// may reach what its first digits name.
bool IsEmergency(const PhoneNumberUtil& util, const PhoneNumber& number,
                 const std::string& national, const std::string& region) {
  if (region.empty()) return false;
  const ShortNumberInfo shorts;
  if (shorts.IsEmergencyNumber(national, region)) return true;
  return !util.IsValidNumber(number) && shorts.ConnectsToEmergencyNumber(national, region);
}

}  // namespace

NumberFacts LibphonenumberPlan::Describe(const E164& number) const {
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber parsed;
  if (util.Parse(number.text(), kUnknownRegion, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) {
    return NumberFacts{};
  }
  std::string national;
  util.GetNationalSignificantNumber(parsed, &national);
  NumberFacts facts;
  facts.region = RegionOf(util, parsed);
  facts.possible = util.IsPossibleNumberWithReason(parsed) == PhoneNumberUtil::IS_POSSIBLE;
  facts.premium = IsPremium(util, parsed, national);
  facts.emergency = IsEmergency(util, parsed, national, facts.region);
  return facts;
}

}  // namespace latchkey::phone
