#include "CPhoneNumber.h"

#include <cstring>
#include <string>

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

template <size_t size>
void copy(const std::string &text, char (&buffer)[size]) {
    const size_t count = text.size() < size ? text.size() : size - 1;
    std::memcpy(buffer, text.data(), count);
    buffer[count] = '\0';
}

vortag_phone_status status_of(PhoneNumberUtil::ErrorType error) {
    switch (error) {
        case PhoneNumberUtil::NO_PARSING_ERROR: return VORTAG_PHONE_OK;
        case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return VORTAG_PHONE_INVALID_COUNTRY;
        case PhoneNumberUtil::NOT_A_NUMBER: return VORTAG_PHONE_NOT_A_NUMBER;
        case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
        case PhoneNumberUtil::TOO_SHORT_NSN: return VORTAG_PHONE_TOO_SHORT;
        case PhoneNumberUtil::TOO_LONG_NSN: return VORTAG_PHONE_TOO_LONG;
    }
    return VORTAG_PHONE_INVALID;
}

vortag_phone_status status_of(PhoneNumberUtil::ValidationResult result) {
    switch (result) {
        case PhoneNumberUtil::INVALID_COUNTRY_CODE: return VORTAG_PHONE_INVALID_COUNTRY;
        case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
        case PhoneNumberUtil::TOO_SHORT: return VORTAG_PHONE_TOO_SHORT;
        case PhoneNumberUtil::TOO_LONG: return VORTAG_PHONE_TOO_LONG;
        case PhoneNumberUtil::IS_POSSIBLE:
        case PhoneNumberUtil::INVALID_LENGTH: return VORTAG_PHONE_INVALID;
    }
    return VORTAG_PHONE_INVALID;
}

vortag_phone_kind kind_of(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
        case PhoneNumberUtil::MOBILE: return VORTAG_PHONE_MOBILE;
        case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return VORTAG_PHONE_MOBILE_OR_LANDLINE;
        case PhoneNumberUtil::FIXED_LINE:
        case PhoneNumberUtil::VOIP:
        case PhoneNumberUtil::UAN: return VORTAG_PHONE_LANDLINE;
        default: return VORTAG_PHONE_OTHER;
    }
}

void read(const std::string &text, const std::string &region, vortag_phone &result) {
    const PhoneNumberUtil &library = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    result.status = status_of(library.Parse(text, region, &number));
    if (result.status != VORTAG_PHONE_OK) return;

    result.calling_code = number.country_code();
    result.kind = kind_of(library.GetNumberType(number));
    if (number.has_extension()) {
        result.status = VORTAG_PHONE_INVALID;
    } else if (!library.IsValidNumber(number)) {
        result.status = status_of(library.IsPossibleNumberWithReason(number));
    }
    std::string spelling;
    library.Format(number, PhoneNumberUtil::E164, &spelling);
    copy(spelling, result.e164);
    library.Format(number, PhoneNumberUtil::NATIONAL, &spelling);
    copy(spelling, result.national);
    library.Format(number, PhoneNumberUtil::INTERNATIONAL, &spelling);
    copy(spelling, result.international);
}

}  // namespace

// The library itself throws nothing, but running out of memory does: no exception may cross into Swift.

void vortag_phone_read(const char *text, size_t length, const char *region, vortag_phone *result) {
    *result = vortag_phone{};
    result->status = VORTAG_PHONE_NOT_A_NUMBER;
    result->kind = VORTAG_PHONE_OTHER;
    try {
        read(std::string(text, length), std::string(region), *result);
    } catch (...) {
        *result = vortag_phone{};
        result->status = VORTAG_PHONE_INVALID;
        result->kind = VORTAG_PHONE_OTHER;
    }
}

int32_t vortag_phone_calling_code(const char *region) {
    try {
        return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region);
    } catch (...) {
        return 0;
    }
}

int32_t vortag_phone_leading_calling_code(const char *digits, size_t length) {
    try {
        const PhoneNumberUtil &library = *PhoneNumberUtil::GetInstance();
        int32_t code = 0;
        for (size_t index = 0; index < length && index < 3; ++index) {
            if (digits[index] < '0' || digits[index] > '9') return 0;
            code = code * 10 + (digits[index] - '0');
            if (code == 0) return 0;
            std::string region;
            library.GetRegionCodeForCountryCode(code, &region);
            if (region != "ZZ") return code;
        }
        return 0;
    } catch (...) {
        return 0;
    }
}

int32_t vortag_phone_has_trunk_zero(int32_t calling_code) {
    try {
        const PhoneNumberUtil &library = *PhoneNumberUtil::GetInstance();
        std::string region;
        std::string prefix;
        library.GetRegionCodeForCountryCode(calling_code, &region);
        library.GetNddPrefixForRegion(region, true, &prefix);
        return prefix == "0" ? 1 : 0;
    } catch (...) {
        return 0;
    }
}
