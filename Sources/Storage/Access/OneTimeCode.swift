import Crypto
import Foundation

/// Codes of an authenticator app: TOTP (RFC 6238 §4) over HOTP (RFC 4226 §5) with HMAC-SHA-1, six digits, thirty seconds.
/// Every app knows these values, and some know no others.
enum OneTimeCode {
    static let digits = 6
    static let stepSeconds = 30.0
    /// RFC 4226 §4, R6: 160 bits are recommended.
    static let secretBytes = 20
    /// So many steps before and after are taken, for clocks that differ and people who type (RFC 6238 §5.2).
    static let drift: Int64 = 1

    static func step(at now: Date) -> Int64 { Int64((now.timeIntervalSince1970 / stepSeconds).rounded(.down)) }

    /// RFC 4226 §5.3, dynamic truncation included.
    static func code(_ secret: [UInt8], counter: Int64, digits: Int = digits) -> String {
        let message = withUnsafeBytes(of: UInt64(bitPattern: counter).bigEndian) { Array($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let offset = Int(mac[mac.count - 1] & 0x0F)
        let bits = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt64(1)) { product, _ in product * 10 }
        let number = String(UInt64(bits) % modulus)
        return String(repeating: "0", count: digits - number.count) + number
    }

    /// The step that a code is of, or nil where it is none of now, or of one that was taken before (RFC 6238 §5.2).
    static func step(of code: String, _ secret: [UInt8], now: Date, after last: Int64?) -> Int64? {
        let present = step(at: now)
        return (present - drift...present + drift).reversed().first { step in
            (last.map { step > $0 } ?? true) && self.code(secret, counter: step) == code
        }
    }
}

/// RFC 4648 §6, without padding, as authenticator apps read it.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int(bits >> UInt32(count) & 0x1F)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(5 - count) & 0x1F)]) }
        return text
    }
}
