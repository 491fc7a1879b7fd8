import Crypto
import CryptoExtras
import Domain
import Foundation

/// A password as it is kept: scrypt (RFC 7914) over it and a salt. Whether one is taken is judged by `PasswordRule`.
struct Password: Hashable, Sendable {
    static let saltBytes = 16

    let salt: [UInt8]
    let hash: [UInt8]

    init(salt: [UInt8], hash: [UInt8]) {
        self.salt = salt
        self.hash = hash
    }

    init(_ password: String, salt: [UInt8]) throws {
        self.salt = salt
        hash = try Self.derive(password, salt)
    }

    /// Takes the same time whether it matches or not.
    func matches(_ password: String) throws -> Bool {
        let derived = try Self.derive(String(password.prefix(PasswordRule.maximumCharacters)), salt)
        var difference = UInt8(derived.count == hash.count ? 0 : 1)
        for (left, right) in zip(derived, hash) { difference |= left ^ right }
        return difference == 0
    }

    /// N = 2^14, r = 8, p = 5, one of the settings that OWASP's Password Storage Cheat Sheet recommends.
    private static func derive(_ password: String, _ salt: [UInt8]) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.precomposedStringWithCanonicalMapping.utf8),
            salt: salt,
            outputByteCount: 32,
            rounds: 1 << 14,
            blockSize: 8,
            parallelism: 5
        )
        return key.withUnsafeBytes { [UInt8]($0) }
    }
}
