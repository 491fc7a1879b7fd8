// The telephone number library (libphonenumber, C++), behind a plain C door for Swift.
// Here: reading a number, telling its kind, spelling it out, and facts about countries.
// Not here: any rule of the reminders; those live in the domain, which calls these functions.

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Why a text is no telephone number, or that it is one.
typedef enum vortag_phone_status {
    VORTAG_PHONE_OK = 0,
    VORTAG_PHONE_NOT_A_NUMBER = 1,
    VORTAG_PHONE_INVALID_COUNTRY = 2,
    VORTAG_PHONE_TOO_SHORT = 3,
    VORTAG_PHONE_TOO_LONG = 4,
    /// The length is possible, but no such range has been given out.
    VORTAG_PHONE_INVALID = 5
} vortag_phone_status;

/// What a number reaches, as far as reminders care.
typedef enum vortag_phone_kind {
    VORTAG_PHONE_MOBILE = 0,
    /// The country's numbers do not tell (North America, for one).
    VORTAG_PHONE_MOBILE_OR_LANDLINE = 1,
    VORTAG_PHONE_LANDLINE = 2,
    /// Toll-free, premium rate, pager, voice mail and the like.
    VORTAG_PHONE_OTHER = 3
} vortag_phone_kind;

/// One number, read. The spellings are NUL-terminated, and empty unless the number could be parsed.
typedef struct vortag_phone {
    vortag_phone_status status;
    vortag_phone_kind kind;
    int32_t calling_code;
    /// ITU-T E.164 with a leading plus: "+436641234500".
    char e164[32];
    /// As dialled inside its own country: "0664 1234500".
    char national[64];
    /// As dialled from abroad: "+43 664 1234500".
    char international[64];
} vortag_phone;

/// Reads UTF-8 text as a number; without a calling code it is read as one of `region` (ISO 3166-1 alpha-2).
///
/// Never throws, may be called from any thread.
void vortag_phone_read(const char *text, size_t length, const char *region, vortag_phone *result);

/// The calling code of a region ("AT": 43); 0 for a region without one.
int32_t vortag_phone_calling_code(const char *region);

/// The calling code that E.164 digits without a plus begin with ("436641234500": 43); 0 where none is given out.
int32_t vortag_phone_leading_calling_code(const char *digits, size_t length);

/// Whether the countries of a calling code dial a 0 before national numbers, which falls away behind the code.
int32_t vortag_phone_has_trunk_zero(int32_t calling_code);

#ifdef __cplusplus
}
#endif
