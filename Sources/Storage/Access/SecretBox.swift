// Who may come in: users, sessions, tokens, remembered requests; and the box that keeps providers' secrets.
// Passwords and tokens are kept as hashes only, secrets are encrypted; randomness is handed in.
// No roles are judged here, no cookies, no headers.

import Crypto
import Database
import Foundation

/// So many bytes that nobody can guess.
public typealias RandomBytes = @Sendable (Int) -> [UInt8]

/// Encrypts what has to be kept and read again: AES-256-GCM (NIST SP 800-38D) with a nonce of its own for each value.
public struct SecretBox: Sendable {
    /// Encrypted when the first secret is stored, so that another key is told from damaged data.
    private static let known = Array("vortag".utf8)

    private let key: SymmetricKey

    /// nil unless the key has 32 bytes.
    public init?(key: [UInt8]) {
        guard key.count == 32 else { return nil }
        self.key = SymmetricKey(data: key)
    }

    /// A key for one purpose alone, by which neither this one nor another purpose's is found (HKDF, RFC 5869).
    func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(purpose.utf8), outputByteCount: 32)
    }

    /// Nonce, ciphertext and tag in one.
    func seal(_ secret: [UInt8]) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret, using: key)
        guard let combined = box.combined else { throw StorageError.wrongKey }
        return [UInt8](combined)
    }

    /// - Throws: ``StorageError/wrongKey`` where it was sealed with another key, or changed since.
    func open(_ sealed: [UInt8]) throws -> [UInt8] {
        do {
            return [UInt8](try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key))
        } catch {
            throw StorageError.wrongKey
        }
    }

    /// Compares the key with the one of the first secret, and remembers it where there is none yet.
    func claim(in transaction: Transaction) throws {
        guard try !check(in: transaction) else { return }
        try transaction.execute(
            "INSERT INTO marks (name, value) VALUES ('key_check', $1)",
            try seal(Self.known)
        )
    }

    /// Whether the database holds secrets.
    ///
    /// - Throws: ``StorageError/wrongKey`` where they were encrypted with another key.
    @discardableResult
    func check(in transaction: Transaction) throws -> Bool {
        guard let row = try transaction.first("SELECT value FROM marks WHERE name = 'key_check'") else { return false }
        guard try open(try row.bytes(0)) == Self.known else { throw StorageError.wrongKey }
        return true
    }
}
