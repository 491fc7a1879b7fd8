/// Closing days as somebody wrote them.
public struct ClosingDayDraft: Hashable, Sendable {
    public var name = ""
    /// `2027-08-02`
    public var firstDay = ""
    /// Empty: the first day is the only one.
    public var lastDay = ""
    /// Empty: the whole practice.
    public var locationID = ""

    public init() {}

    public init(name: String, firstDay: String, lastDay: String = "", locationID: String = "") {
        self.name = name
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.locationID = locationID
    }

    /// - Throws: every broken rule; whether there is such a location is judged where they are known.
    public func validated() throws(ProblemList) -> ClosingDayFields {
        var form = FormReader()
        let name = form.line(name, "name", limit: 100, required: true)
        let first = form.day(firstDay, "firstDay")
        if firstDay.trimmingWhitespace().isEmpty { form.add(FieldProblem("firstDay", .fieldRequired)) }
        let last = form.day(lastDay, "lastDay") ?? first
        if let first, let last {
            if last < first {
                form.add(FieldProblem("lastDay", .fieldInvalid, ["reason": "before_first"]))
            } else if last.daysSince1970 - first.daysSince1970 >= ClosingDayFields.mostDays {
                form.add(FieldProblem("lastDay", .fieldInvalid, ["reason": "too_many_days"]))
            }
        }
        let text = locationID.trimmingWhitespace()
        let location = Int64(text).map { Location.ID($0) }
        if location == nil, !text.isEmpty { form.add(FieldProblem("locationId", .referenceUnknown)) }
        guard let first, let last else { throw ProblemList(form.problems) }
        return try form.finish(
            ClosingDayFields(name: name, firstDay: first, lastDay: last, locationID: location)
        )
    }
}

/// Closing days that passed their rules.
public struct ClosingDayFields: Hashable, Sendable {
    /// Whoever is closed for longer made a mistake at the year.
    public static let mostDays = 366

    public let name: String
    public let firstDay: LocalDate
    public let lastDay: LocalDate
    public let locationID: Location.ID?
}
