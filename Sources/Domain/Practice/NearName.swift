/// A name that somebody typed for a new patient, held against those on record: typed not to its end, or with one letter
/// that is wrong, missing or too many, it may be one of theirs.
public struct NearName: Hashable, Sendable {
    /// Of fewer letters nothing is concluded.
    private static let least = 3

    private let last: String
    private let first: String

    /// nil for a last name that is too short.
    public init?(_ draft: PatientDraft) {
        last = Self.folded(draft.lastName)
        first = Self.folded(draft.firstName)
        guard last.count >= Self.least else { return nil }
    }

    /// The words of an index from one on and before another, among which the near ones stand: those that begin as this
    /// one. A wrong letter in the first half of a name is not found.
    public var words: (from: String, to: String) {
        let beginning = "l" + last.prefix(max(Self.least, (last.count + 1) / 2))
        return (beginning, beginning + "\u{10FFFF}")
    }

    /// Whether both names are near; a first name that nobody said is near to any.
    public func isNear(_ patient: Patient) -> Bool {
        let first = Self.folded(patient.firstName)
        guard Self.isNear(last, Self.folded(patient.lastName)) else { return false }
        return self.first.isEmpty || first.isEmpty || Self.isNear(self.first, first)
    }

    private static func folded(_ name: String) -> String { NameFolding.parts(name).joined(separator: " ") }

    private static func isNear(_ typed: String, _ known: String) -> Bool {
        if known.hasPrefix(typed) { return true }
        return typed.count > least && isOneLetterOff(Array(typed), Array(known))
    }

    private static func isOneLetterOff(_ one: [Character], _ other: [Character]) -> Bool {
        if one.count > other.count { return isOneLetterOff(other, one) }
        guard other.count - one.count <= 1 else { return false }
        let place = zip(one, other).prefix { $0 == $1 }.count
        if other.count > one.count { return one[place...] == other[(place + 1)...] }
        if one[place...].dropFirst() == other[place...].dropFirst() { return true }
        // Two neighbours that changed places.
        return place + 1 < one.count && one[place] == other[place + 1] && one[place + 1] == other[place]
            && one[(place + 2)...] == other[(place + 2)...]
    }
}
