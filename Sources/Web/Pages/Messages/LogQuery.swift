import Domain
import Foundation
import Storage

/// What the log is asked for, as it stands in the address of its page.
struct LogQuery: Hashable, Sendable {
    static let page = "/nachrichten"
    static let tasks = page + "?tasks=1"

    /// What somebody should do something about, in place of the log.
    var tasks = false
    var channel: Channel?
    /// A status, or a group of them; empty for all.
    var status = ""
    /// Days as inputs hold them, `2027-03-01`; empty for no bound.
    var from = ""
    var to = ""
    var location: Location.ID?
    var patient: Patient.ID?
    /// Part of a patient's name, as it was typed.
    var name = ""
    var cursor: String?
    /// What stands for a channel, a location or a patient and is none.
    var unread: [String: String] = [:]

    init() {}

    init(_ form: FormData) {
        tasks = form["tasks"] == "1"
        channel = Channel(rawValue: form["channel"])
        status = form["status"]
        from = form["from"].trimmingWhitespace()
        to = form["to"].trimmingWhitespace()
        location = Location.ID(form["location"])
        patient = Patient.ID(form["patient"])
        name = form["name"].trimmingWhitespace()
        cursor = form["cursor"].isEmpty ? nil : form["cursor"]
        let known = ["channel": channel != nil, "location": location != nil, "patient": patient != nil]
        for (field, isKnown) in known where !isKnown && !form[field].isEmpty { unread[field] = form[field] }
    }

    /// The address that asks for this, with another path where it is not the page.
    func path(_ path: String = page) -> String {
        let pairs: [(String, String)] = [
            ("tasks", tasks ? "1" : ""), ("channel", channel?.rawValue ?? unread["channel"] ?? ""), ("status", status),
            ("from", from), ("to", to), ("location", location?.description ?? unread["location"] ?? ""),
            ("patient", patient?.description ?? unread["patient"] ?? ""), ("name", name), ("cursor", cursor ?? ""),
        ]
        let query = pairs.filter { !$0.1.isEmpty }.map { $0.0 + "=" + QueryText.encoded($0.1) }
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    /// The same from the newest on, with something changed.
    func with(_ edit: (inout LogQuery) -> Void) -> LogQuery {
        var query = self
        query.cursor = nil
        edit(&query)
        return query
    }

    /// Whether anything but the channel is asked for.
    var isFiltered: Bool {
        with {
            $0.channel = nil
            $0.unread["channel"] = nil
            $0.tasks = false
        } != LogQuery()
    }

    /// What cannot be looked for, by its field: the key of the sentence that says why.
    var faults: [String: String] {
        var faults = Dictionary(uniqueKeysWithValues: unread.keys.map { ($0, "messages.fault." + $0) })
        if !status.isEmpty, MessageStatus(rawValue: status) == nil, MessageFilter.Group(rawValue: status) == nil {
            faults["status"] = "messages.fault.status"
        }
        if !from.isEmpty, firstDay == nil { faults["from"] = "messages.field.no_day" }
        if !to.isEmpty, lastDay == nil { faults["to"] = "messages.field.no_day" }
        if let firstDay, let lastDay, lastDay < firstDay { faults["to"] = "messages.fault.order" }
        return faults
    }

    var firstDay: LocalDate? { LocalDate(iso: from) }
    var lastDay: LocalDate? { LocalDate(iso: to) }

    /// Days begin and end in the practice's zone.
    func filter(in zone: TimeZone) -> MessageFilter {
        MessageFilter(
            channel: channel,
            status: MessageStatus(rawValue: status),
            group: MessageFilter.Group(rawValue: status),
            from: firstDay.map { Self.start(of: $0, in: zone) },
            to: lastDay.map { Self.start(of: $0.adding(days: 1), in: zone) },
            patientID: patient,
            locationID: location
        )
    }

    static func start(of day: LocalDate, in zone: TimeZone) -> Date {
        WallTime(date: day, hour: 0, minute: 0).instant(in: zone)
    }
}
