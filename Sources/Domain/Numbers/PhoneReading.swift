import CPhoneNumber

/// One text as the telephone number library reads it.
struct PhoneReading {
    enum Kind {
        case mobile, landline, other
    }

    /// nil: a valid number; else the reason as the interface spells it.
    let fault: String?
    let kind: Kind
    let callingCode: Int
    let e164: String
    let national: String
    let international: String

    init(_ text: String, country: Country) {
        var text = text
        var phone = vortag_phone()
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                vortag_phone_read(characters.baseAddress, characters.count, country.rawValue, &phone)
            }
        }
        fault = Self.fault(phone.status)
        kind = Self.kind(phone.kind)
        callingCode = Int(phone.calling_code)
        e164 = withUnsafeBytes(of: phone.e164, Self.text)
        national = withUnsafeBytes(of: phone.national, Self.text)
        international = withUnsafeBytes(of: phone.international, Self.text)
    }

    private static func fault(_ status: vortag_phone_status) -> String? {
        switch status {
        case VORTAG_PHONE_OK: nil
        case VORTAG_PHONE_NOT_A_NUMBER: "not_a_number"
        case VORTAG_PHONE_INVALID_COUNTRY: "invalid_country"
        case VORTAG_PHONE_TOO_SHORT: "too_short"
        case VORTAG_PHONE_TOO_LONG: "too_long"
        default: "invalid"
        }
    }

    private static func kind(_ kind: vortag_phone_kind) -> Kind {
        switch kind {
        case VORTAG_PHONE_MOBILE, VORTAG_PHONE_MOBILE_OR_LANDLINE: .mobile
        case VORTAG_PHONE_LANDLINE: .landline
        default: .other
        }
    }

    /// A fixed buffer up to its NUL.
    private static func text(_ buffer: UnsafeRawBufferPointer) -> String {
        String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
}
