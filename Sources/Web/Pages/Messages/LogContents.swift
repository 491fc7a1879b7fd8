import Domain
import Foundation
import Storage

/// What was read for the page of the log.
struct LogContents: Sendable {
    /// So many lines stand on a page.
    static let pageSize = 50
    /// The sentence at the top counts no more messages than these.
    static let mostCounted = 2_000

    let page: Page<LogRow>
    let tasks: [LogTask]
    let openTasks: Int
    /// What the sentence at the top counts: of the days that were asked for, else of today.
    let count: LogCount
    let locations: [Location]
    /// Whose messages are asked for.
    let patient: Patient?
    /// Who was found by the name that was typed; nil where none was.
    let found: [Patient]?

    init(_ query: LogQuery, _ visit: Visit) async throws {
        let (log, practice) = (visit.storage.messages, visit.practiceID)
        let filter = query.filter(in: visit.practice.timeZone)
        let request = PageRequest(limit: Self.pageSize, cursor: query.cursor)
        page = query.tasks ? Page(items: [], next: nil) : try await log.list(practice, filter, request)
        tasks = query.tasks ? try await log.tasks(practice, now: visit.now) : []
        openTasks = try await log.openTasks(practice, now: visit.now)
        count = query.tasks ? LogCount() : try await Self.count(query, visit)
        locations = query.tasks ? [] : try await visit.storage.locations.all(practice)
        patient = try await Self.patient(query, visit)
        let search = PatientFilter(search: query.name)
        found =
            query.name.isEmpty
            ? nil : try await visit.storage.patients.list(practice, search, PageRequest(limit: 8)).items
    }

    /// One who was erased, or of another practice, has no messages that could be shown by the name.
    private static func patient(_ query: LogQuery, _ visit: Visit) async throws -> Patient? {
        guard let id = query.patient else { return nil }
        return try await visit.storage.patients.find(id, visit.practiceID)
    }

    static func count(_ query: LogQuery, _ visit: Visit) async throws -> LogCount {
        let zone = visit.practice.timeZone
        var filter = query.filter(in: zone)
        if filter.from == nil, filter.to == nil { filter.from = LogQuery.start(of: visit.today, in: zone) }
        return try await visit.storage.messages.count(visit.practiceID, filter, most: mostCounted)
    }
}
