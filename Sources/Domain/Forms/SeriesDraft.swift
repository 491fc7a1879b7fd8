/// How often an appointment is to be repeated, as somebody wrote it.
public struct SeriesDraft: Hashable, Sendable {
    /// Weeks from one to the next.
    public var weeksApart: String
    /// How many there are, the first one counted.
    public var count: String

    public init(weeksApart: String, count: String) {
        self.weeksApart = weeksApart
        self.count = count
    }

    /// nil, and the problems in `form`, where something is wrong.
    public func read(into form: inout FormReader) -> SeriesPlan? {
        let weeks = form.number(weeksApart, "weeksApart", in: SeriesPlan.weeks)
        if weeksApart.trimmingWhitespace().isEmpty { form.add(FieldProblem("weeksApart", .fieldRequired)) }
        let number = form.number(count, "times", in: SeriesPlan.counts)
        if count.trimmingWhitespace().isEmpty { form.add(FieldProblem("times", .fieldInvalid)) }
        guard let weeks, let number else { return nil }
        return SeriesPlan(weeksApart: weeks, count: number)
    }
}

/// A repetition that can be planned.
public struct SeriesPlan: Hashable, Sendable {
    public static let weeks = 1...12
    /// A year of weekly appointments at most.
    public static let counts = 2...52

    public let weeksApart: Int
    public let count: Int

    public init(weeksApart: Int, count: Int) {
        self.weeksApart = weeksApart
        self.count = count
    }

    /// Days from the first appointment to each of them; the wall time stays, also over a clock change.
    public var days: [Int] { (0..<count).map { $0 * weeksApart * 7 } }
}
