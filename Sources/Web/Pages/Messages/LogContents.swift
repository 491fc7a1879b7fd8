import Domain
import Foundation
import Storage

/// What was read for the page of the log.
struct LogContents: Sendable {
    /// So many lines stand on a page.
    static let pageSize = 50

    let page: Page<LogRow>
    let tasks: [LogTask]
    /// Whom to call, where the tasks are shown.
    let calls: [CallEntry]
    let tally: LogTally
    let locations: [Location]
    /// Whose messages are asked for.
    let patient: Patient?
    /// Who was found by the name that was typed; nil where none was.
    let found: [Patient]?
    /// What cannot be looked for, by its field: the key of the sentence that says why. Nothing is shown then.
    let faults: [String: String]

    init(_ query: LogQuery, _ visit: Visit) async throws {
        let (storage, practice) = (visit.storage, visit.practiceID)
        locations = query.tasks ? [] : try await storage.locations.all(practice)
        patient = try await Self.patient(query, visit)
        let search = PatientFilter(search: query.name)
        found =
            query.name.isEmpty ? nil : try await storage.patients.list(practice, search, PageRequest(limit: 8)).items
        var faults = query.tasks ? [:] : query.faults
        if let place = query.location, !query.tasks, !locations.contains(where: { $0.id == place }) {
            faults["location"] = "messages.fault.location"
        }
        if query.patient != nil, patient == nil { faults["patient"] = "messages.fault.patient" }
        if let found, found.count != 1 {
            faults["name"] = found.isEmpty ? "messages.field.nobody" : "messages.field.choose"
        }
        self.faults = faults
        tasks = query.tasks ? try await storage.messages.tasks(practice, now: visit.now) : []
        calls = query.tasks ? try await storage.calls.list(practice, now: visit.now) : []
        let isShown = !query.tasks && faults.isEmpty
        let request = PageRequest(limit: Self.pageSize, cursor: query.cursor)
        let filter = query.filter(in: visit.practice.timeZone)
        page = isShown ? try await storage.messages.list(practice, filter, request) : Page(items: [], next: nil)
        tally = isShown ? try await LogTally(query, visit) : LogTally()
    }

    /// One who was erased, or of another practice, has no messages that could be shown by the name.
    private static func patient(_ query: LogQuery, _ visit: Visit) async throws -> Patient? {
        guard let id = query.patient else { return nil }
        return try await visit.storage.patients.find(id, visit.practiceID)
    }
}

/// What the sentence at the top counts: the days that were asked for, else today, else the last day that has any.
struct LogTally: Sendable {
    /// It counts no more messages than these.
    private static let most = 2_000

    var count = LogCount()
    /// The day that was counted; nil where the query names days.
    var day: LocalDate?

    init() {}

    init(_ query: LogQuery, _ visit: Visit) async throws {
        let (log, practice, zone) = (visit.storage.messages, visit.practiceID, visit.practice.timeZone)
        var filter = query.filter(in: zone)
        guard filter.from == nil, filter.to == nil else {
            count = try await log.count(practice, filter, most: Self.most)
            return
        }
        day = visit.today
        filter.from = LogQuery.start(of: visit.today, in: zone)
        count = try await log.count(practice, filter, most: Self.most)
        filter.from = nil
        guard count.total == 0, let latest = try await log.latest(practice, filter) else { return }
        let last = WallTime.of(latest, in: zone).date
        day = last
        filter.from = LogQuery.start(of: last, in: zone)
        filter.to = LogQuery.start(of: last.adding(days: 1), in: zone)
        count = try await log.count(practice, filter, most: Self.most)
    }
}
