import Database
import Domain

/// What opens once each where the second factor is lost: eighty random bits, so that their plain hash tells nothing.
enum RecoveryCodes {
    static let count = 10
    private static let bytes = 10

    /// Makes new ones in the place of those that there were; they are shown this once.
    static func renew(_ user: User.ID, _ random: RandomBytes, in transaction: Transaction) throws -> [String] {
        try transaction.execute("DELETE FROM recovery_codes WHERE user_id = $1", user.rawValue)
        let codes = (0..<count).map { _ in Base32.encode(random(bytes)).lowercased() }
        for code in codes {
            try transaction.execute(
                "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)",
                user.rawValue,
                Hash.of(code)
            )
        }
        return codes.map(grouped)
    }

    /// Whether it was one of the user's; it is none any more.
    static func take(_ code: String, _ user: User.ID, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2",
            user.rawValue,
            Hash.of(code)
        ) == 1
    }

    static func left(_ user: User.ID, in transaction: Transaction) throws -> Int {
        let row = try transaction.first("SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1", user.rawValue)
        return Int(try row?.integer(0) ?? 0)
    }

    /// `abcd-efgh-ijkl-mnop`
    private static func grouped(_ code: String) -> String {
        stride(from: 0, to: code.count, by: 4).map { String(code.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }
}
