// What is asked of those who sign in: which passwords are taken.
// Pure rules; hashes, sessions and codes are Storage's.

import Foundation

/// Which passwords are taken (NIST SP 800-63B §5.1.1.2): long enough, none that is tried first, none that is known from
/// where it is used. No mixture of kinds of characters is asked for, and no change from time to time.
public enum PasswordRule {
    public static let minimumCharacters = 10
    /// Longer ones only cost time.
    public static let maximumCharacters = 1_000
    /// A name shorter than this may be a part of any word.
    private static let shortestName = 4

    /// - Parameters:
    ///   - email: what the person signs in with; empty where that is not known.
    ///   - names: what the person and the practice are called.
    public static func problem(
        _ password: String,
        email: String = "",
        names: [String] = [],
        field: String = "password"
    ) -> FieldProblem? {
        if password.count < minimumCharacters {
            return FieldProblem(field, .fieldInvalid, ["reason": "password_short", "minimum": "\(minimumCharacters)"])
        }
        if password.count > maximumCharacters {
            return FieldProblem(field, .fieldTooLong, ["maximum": "\(maximumCharacters)"])
        }
        let folded = fold(password)
        if isCommon(folded) { return FieldProblem(field, .fieldInvalid, ["reason": "password_common"]) }
        let own = ([email, String(email.prefix { $0 != "@" })] + names).map(fold).filter { $0.count >= shortestName }
        let stem = CommonPasswords.stem(folded)
        if own.contains(where: { $0 == folded || $0 == stem || CommonPasswords.stem($0) == stem && !stem.isEmpty }) {
            return FieldProblem(field, .fieldInvalid, ["reason": "password_own"])
        }
        return nil
    }

    /// Small letters and digits alone, so that a capital or an exclamation mark makes no other word.
    private static func fold(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private static func isCommon(_ folded: String) -> Bool {
        if folded.isEmpty || Set(folded).count <= 2 { return true }
        if CommonPasswords.whole.contains(folded) || isRun(folded) { return true }
        let stem = CommonPasswords.stem(folded)
        let half = String(stem.prefix(stem.count / 2))
        return CommonPasswords.stems.contains(stem) || stem == half + half && CommonPasswords.stems.contains(half)
    }

    /// Neighbours all along: `1234567890`, `abcdefghij`, and backwards.
    private static func isRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values, values.dropFirst()).map { ($1 - $0 + 10) % 10 })
        return text.allSatisfy(\.isNumber)
            ? steps == [1] || steps == [9]
            : [1, -1].contains { step in zip(values, values.dropFirst()).allSatisfy { $1 - $0 == step } }
    }
}
