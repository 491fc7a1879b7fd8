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
    /// What is wrong with what has no field here.
    let faults: [String]
    /// Whether a filter holds: then it is not folded where there is little room.
    let isOpen: Bool

    init(_ contents: LogContents, _ query: LogQuery, _ visit: Visit) {
        let words = visit.words
        let none = FormProblems(words)
        let any = (value: "", label: words("filter.any"))
        let statuses = Self.statuses(of: query.channel).map { (value: $0, label: Self.label($0, query, words)) }
        let problems = contents.faults.mapValues { words($0) }
        var status = FieldView.select("status", query.status, none, [any] + statuses)
        status.problems = [problems["status"]].compactMap(\.self)
        statusField = status
        let places = contents.locations.map { (value: $0.id.description, label: $0.name) }
        var place = FieldView.select("location", query.location?.description ?? "", none, [any] + places)
        place.label = words("messages.field.location")
        place.problems = [problems["location"]].compactMap(\.self)
        locationField = place
        fromField = Self.day("from", query.from, problems["from"], words)
        toField = Self.day("to", query.to, problems["to"], words)
        nameField = Self.name(query, problems["name"], words)
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
        faults = ["channel", "patient"].compactMap { problems[$0] }
        isOpen = query.isFiltered || !problems.isEmpty
    }

    /// The words of what can be chosen, groups first.
    static func statuses(of channel: Channel?) -> [String] {
        MessageFilter.Group.allCases.map(\.rawValue) + MessageStatus.all(of: channel).map(\.rawValue)
    }

    private static func label(_ status: String, _ query: LogQuery, _ words: Words) -> String {
        guard let known = MessageStatus(rawValue: status) else { return words("messages.group." + status) }
        return words.catalogue.status(known, query.channel ?? .sms, words.language)
    }

    private static func day(_ name: String, _ value: String, _ problem: String?, _ words: Words) -> FieldView {
        FieldView(
            name: name,
            label: words("messages.field." + name),
            value: value,
            type: "date",
            problems: [problem].compactMap(\.self)
        )
    }

    private static func name(_ query: LogQuery, _ problem: String?, _ words: Words) -> FieldView {
        FieldView(
            name: "name",
            label: words("messages.field.name"),
            value: query.name,
            type: "search",
            problems: [problem].compactMap(\.self),
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
        for (field, value) in query.unread.sorted(by: <) {
            add(words("messages.field." + field) + ": " + value) { $0.unread[field] = nil }
        }
        if let patient = query.patient {
            let name = contents.patient.map(PatientName.listed)
            add(name ?? words("messages.field.patient") + ": \(patient)") { $0.patient = nil }
        }
        if !query.status.isEmpty {
            let isKnown = contents.faults["status"] == nil
            add(isKnown ? label(query.status, query, words) : query.status) { $0.status = "" }
        }
        if let location = query.location {
            let place = contents.locations.first { $0.id == location }?.name
            add(place ?? words("messages.field.location") + ": \(location)") { $0.location = nil }
        }
        if let first = query.firstDay { add(words("messages.day.since", ["first": words.day(first)])) { $0.from = "" } }
        if let last = query.lastDay { add(words("messages.day.until", ["last": words.day(last)])) { $0.to = "" } }
        return chips
    }
}
