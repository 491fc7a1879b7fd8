import Database
import Domain
import Foundation

/// What an authenticator app is told, once.
public struct SecondFactorSecret: Hashable, Sendable {
    /// In base32, for those who type it.
    public let text: String
    /// What the picture holds: the format that Google Authenticator introduced and every app reads.
    public let uri: String

    init(_ secret: [UInt8], _ user: User) {
        text = Base32.encode(secret)
        let account = user.email.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        uri =
            "otpauth://totp/Vortag:\(account)?secret=\(text)&issuer=Vortag&algorithm=SHA1"
            + "&digits=\(OneTimeCode.digits)&period=\(Int(OneTimeCode.stepSeconds))"
    }
}

/// A second factor that was just switched on.
public struct SecondFactorOn: Hashable, Sendable {
    /// Told this once.
    public let recoveryCodes: [String]
    /// With what the person comes in again.
    public let match: PasswordMatch
}

/// Setting up and switching off what is asked for beside the password.
public struct SecondFactorStore: Sendable {
    /// So long a secret waits for its first code, in seconds.
    public static let waitingSeconds = 600.0
    private static let isWaiting = "totp_since IS NULL AND totp_session = $2 AND totp_until > $3"

    let driver: any SQLDriver
    let secrets: SecretBox?
    let random: RandomBytes

    /// Whether there is a key to keep secrets with.
    public var isPossible: Bool { secrets != nil }

    /// Makes a secret that waits for its first code, in the session that asked for it alone: in another one it would be
    /// shown to somebody who was not asked for the password. One that waited before is forgotten.
    ///
    /// - Throws: ``StorageError/stale`` where a second factor is on, ``StorageError/wrongKey`` where there is no key.
    public func begin(_ user: User.ID, in session: String, now: Date) async throws {
        guard let secrets else { throw StorageError.wrongKey }
        let secret = random(OneTimeCode.secretBytes)
        try await driver.write { transaction in
            try secrets.claim(in: transaction)
            let changed = try transaction.execute(
                """
                UPDATE users SET totp_secret = $1, totp_session = $2, totp_until = $3, totp_step = NULL
                WHERE id = $4 AND totp_since IS NULL
                """,
                try secrets.seal(secret),
                Hash.of(session),
                (now + Self.waitingSeconds).milliseconds,
                user.rawValue
            )
            guard changed == 1 else { throw StorageError.stale }
        }
    }

    /// The secret that waits for its first code in this session; nil where none does, or waited too long.
    public func waiting(_ user: User, in session: String, now: Date) async throws -> SecondFactorSecret? {
        guard let secrets else { return nil }
        return try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT totp_secret FROM users WHERE id = $1 AND \(Self.isWaiting)",
                user.id.rawValue,
                Hash.of(session),
                now.milliseconds
            )
            return try row.map { SecondFactorSecret(try secrets.open(try $0.bytes(0)), user) }
        }
    }

    /// Switches it on with its first code, and ends all sessions; nil where the code is wrong.
    ///
    /// - Throws: ``StorageError/stale`` where no secret waits in this session.
    public func confirm(
        _ user: User.ID,
        in session: String,
        code: String,
        now: Date
    ) async throws -> SecondFactorOn? {
        guard let secrets else { throw StorageError.wrongKey }
        return try await driver.write { [random] transaction in
            let row = try transaction.first(
                "SELECT totp_secret FROM users WHERE id = $1 AND \(Self.isWaiting)",
                user.rawValue,
                Hash.of(session),
                now.milliseconds
            )
            guard let row else { throw StorageError.stale }
            let secret = try secrets.open(try row.bytes(0))
            guard let step = OneTimeCode.step(of: Self.plain(code), secret, now: now, after: nil) else { return nil }
            try transaction.execute(
                """
                UPDATE users SET totp_since = $1, totp_step = $2, totp_session = NULL, totp_until = NULL WHERE id = $3
                """,
                now.milliseconds,
                step,
                user.rawValue
            )
            try SessionStore.endAll(of: user, in: transaction)
            return SecondFactorOn(
                recoveryCodes: try RecoveryCodes.renew(user, random, in: transaction),
                match: try PasswordMatch.find(user, isWhole: true, in: transaction)
            )
        }
    }

    /// New recovery codes in the place of the old ones.
    ///
    /// - Throws: ``StorageError/stale`` where no second factor is on.
    public func renewRecoveryCodes(_ user: User.ID) async throws -> [String] {
        try await driver.write { [random] transaction in
            let row = try transaction.first(
                "SELECT 1 FROM users WHERE id = $1 AND totp_since IS NOT NULL",
                user.rawValue
            )
            guard row != nil else { throw StorageError.stale }
            return try RecoveryCodes.renew(user, random, in: transaction)
        }
    }

    public func recoveryCodesLeft(_ user: User.ID) async throws -> Int {
        try await driver.read { try RecoveryCodes.left(user, in: $0) }
    }

    /// Switches it off; the password alone opens again.
    ///
    /// - Returns: whether it was on.
    /// - Throws: ``StorageError/notFound``
    @discardableResult
    public func turnOff(_ user: User.ID, of practice: Practice.ID) async throws -> Bool {
        try await driver.write { transaction in
            let was = try Lookup.user(user, practice, in: transaction)
            try transaction.execute(
                """
                UPDATE users SET totp_secret = NULL, totp_since = NULL, totp_step = NULL, totp_session = NULL,
                    totp_until = NULL
                WHERE id = $1
                """,
                user.rawValue
            )
            try transaction.execute("DELETE FROM recovery_codes WHERE user_id = $1", user.rawValue)
            try transaction.execute("DELETE FROM second_steps WHERE user_id = $1", user.rawValue)
            return was.secondFactorSince != nil
        }
    }

    /// A code as somebody typed it, without what only parts it.
    static func plain(_ code: String) -> String {
        code.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
