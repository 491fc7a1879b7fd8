import Domain
import Storage

/// The form that the log is filtered by, and the conditions that hold.
struct LogFilterView: Sendable {
    let statusField: FieldView
    let locationField: FieldView
    let fromField: FieldView
    let toField: FieldView
    let nameField: FieldView
    /// The channel that is shown by itself; empty for both.
    let channel: String
    /// Who is shown alone goes along when something else is changed; empty for all.
    let chosenPatient: String
    let days: [MessagesPage.Link]
    /// Those who are called as was typed.
    let people: [MessagesPage.Link]
    let hasPeople: Bool

    init(_ contents: LogContents, _ query: LogQuery, _ visit: Visit) {
        let words = visit.words
        let none = FormProblems(words)
        let any = (value: "", label: words("filter.any"))
        let statuses = Self.statuses(of: query.channel).map { (value: $0, label: Self.label($0, query, words)) }
        statusField = .select("status", query.status, none, [any] + statuses)
        let places = contents.locations.map { (value: $0.id.description, label: $0.name) }
        var place = FieldView.select("location", query.location?.description ?? "", none, [any] + places)
        place.label = words("messages.field.location")
        locationField = place
        fromField = Self.day("from", query.from, query.firstDay != nil, words)
        toField = Self.day("to", query.to, query.lastDay != nil, words)
        nameField = Self.name(contents, query, words)
        channel = query.channel?.rawValue ?? ""
        chosenPatient = query.patient?.description ?? ""
        days = Self.days(query, visit)
        people = (contents.found ?? []).map { patient in
            let target = query.with {
                $0.patient = patient.id
                $0.name = ""
            }
            return MessagesPage.Link(linkPath: target.path(), linkLabel: PatientName.listed(patient), isChosen: false)
        }
        hasPeople = !people.isEmpty
    }

    /// The words of what can be chosen, groups first.
    static func statuses(of channel: Channel?) -> [String] {
        MessageFilter.Group.allCases.map(\.rawValue) + MessageStatus.all(of: channel).map(\.rawValue)
    }

    private static func label(_ status: String, _ query: LogQuery, _ words: Words) -> String {
        guard let known = MessageStatus(rawValue: status) else { return words("messages.group." + status) }
        return words.catalogue.status(known, query.channel ?? .sms, words.language)
    }

    private static func day(_ name: String, _ value: String, _ isRead: Bool, _ words: Words) -> FieldView {
        FieldView(
            name: name,
            label: words("messages.field." + name),
            value: value,
            type: "date",
            problems: value.isEmpty || isRead ? [] : [words("messages.field.no_day")]
        )
    }

    private static func name(_ contents: LogContents, _ query: LogQuery, _ words: Words) -> FieldView {
        FieldView(
            name: "name",
            label: words("messages.field.name"),
            value: query.name,
            type: "search",
            problems: contents.found?.isEmpty == true ? [words("messages.field.nobody")] : [],
            autocomplete: "off"
        )
    }

    private static func days(_ query: LogQuery, _ visit: Visit) -> [MessagesPage.Link] {
        let today = visit.today
        let spans = [
            ("today", today, today), ("yesterday", today.adding(days: -1), today.adding(days: -1)),
            ("week", today.adding(days: -6), today),
        ]
        return spans.map { key, first, last in
            let target = query.with {
                $0.from = first.iso
                $0.to = last.iso
            }
            return MessagesPage.Link(
                linkPath: target.path(),
                linkLabel: visit.words("messages.day." + key),
                isChosen: query.from == first.iso && query.to == last.iso
            )
        }
    }

    static func chips(_ contents: LogContents, _ query: LogQuery, _ words: Words) -> [MessagesPage.Chip] {
        var chips: [MessagesPage.Chip] = []
        func add(_ label: String, _ drop: (inout LogQuery) -> Void) {
            chips.append(
                MessagesPage.Chip(
                    dropPath: query.with(drop).path(),
                    chipLabel: label,
                    dropLabel: words("messages.chip.drop", ["condition": label])
                )
            )
        }
        if let patient = contents.patient { add(PatientName.listed(patient)) { $0.patient = nil } }
        if statuses(of: query.channel).contains(query.status) {
            add(label(query.status, query, words)) { $0.status = "" }
        }
        if let place = contents.locations.first(where: { $0.id == query.location }) {
            add(place.name) { $0.location = nil }
        }
        if let first = query.firstDay { add(words("messages.day.since", ["first": words.day(first)])) { $0.from = "" } }
        if let last = query.lastDay { add(words("messages.day.until", ["last": words.day(last)])) { $0.to = "" } }
        return chips
    }
}
