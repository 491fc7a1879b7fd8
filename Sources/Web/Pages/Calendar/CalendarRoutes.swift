// The calendar: the page and its feed, moving, cancelling and taking back, and the print of a day.
// All that dragging can do goes by forms as well; a script asks the same routes for parts of the page.
// No rule stands here: what a change brings about is asked of the storage before it is saved.

import Domain
import Foundation
import Hummingbird
import Storage

/// `/kalender` and what lies below it.
func addCalendar(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/kalender", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        if let path = try await visit.rememberedCalendar(request) { return SeeOther.response(path, to: request) }
        let query = CalendarQuery(FormData(query: request), today: visit.today)
        let contents = try await visit.contents(of: query, drawn: CalendarPage.drawn)
        let model = try CalendarPage.view(contents, visit, undo: try await visit.undo(request))
        let frame = Frame(visit, title: model.head.lead, current: .calendar)
        var response = try pages.page("calendar/calendar", model, frame)
        visit.remember(query, request, in: &response)
        return response
    }
    addFeed(to: routes, pages)
    addCard(to: routes, pages)
    routes.get("/kalender/druck", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let query = CalendarQuery(FormData(query: request), today: visit.today).showing(.day)
        let model = CalendarPrintPage.view(try await visit.contents(of: query, drawn: CalendarPage.drawn), visit)
        try await visit.note(.looked, .appointment)
        return try pages.page("calendar/print", model, Frame(visit, title: model.lead, current: .calendar))
    }
    addMoves(to: routes, pages)
    addUndoing(to: routes, pages)
}

/// What the script draws.
private func addFeed(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/kalender/termine", for: .reader) { request, context in
        let visit = try await Visit(pages, context, hasMenu: false)
        let asked = FormData(query: request)
        let isInShort = asked.has("kurz")
        let query = CalendarQuery(asked, today: visit.today)
        let contents = try await visit.contents(
            of: query,
            drawn: isInShort ? CalendarFeed.drawnInShort : CalendarFeed.drawn
        )
        let feed = try JSONEncoder().encode(try CalendarFeed(contents, isInShort: isInShort, visit))
        var response = Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: feed))
        )
        visit.remember(query, request, in: &response)
        return response
    }
}

/// One appointment, opened.
private func addCard(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/kalender/termin/:id", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let row = try await visit.storage.appointments.agendaRow(context.id(), visit.practiceID, now: visit.now)
        let back = ReturnPath(FormData(query: request), or: row.appointment)
        try await visit.note(.looked, .appointment, row.appointment.id.rawValue)
        guard request.isForPart else {
            return SeeOther.response("/termine/\(row.appointment.id)?" + back.encoded, to: request)
        }
        return try pages.fragment("calendar/card", CalendarCard.view(row, back, visit), visit)
    }
}

extension Visit {
    /// Reads what the calendar shows, in one go.
    ///
    /// - Parameter drawn: the lines of which people and places are shown, too.
    func contents(
        of query: CalendarQuery,
        drawn: (CalendarQuery, [AgendaLine]) -> [AgendaLine]
    ) async throws -> CalendarHead.Contents {
        let appointments = storage.appointments
        // A list ends where its page is full: what is behind that is not read.
        let dates =
            query.view == .list ? try await appointments.agendaDates(span(of: query), limit: CalendarPage.limit) : []
        let query = query.listing(dates.filter(query.days.contains))
        let read = try await appointments.agendaLines(span(of: query), now: now, limit: CalendarPage.limit + 1)
        let lines = read.prefix(CalendarPage.limit).filter { query.days.contains($0.date) }
        return CalendarHead.Contents(
            query: query,
            lines: lines,
            rows: try await appointments.agendaRows(drawn(query, lines), now: now),
            days: try await calendarDays(query.days, location: query.location),
            locations: try await storage.locations.all(practiceID),
            practitioners: try await storage.practitioners.all(practiceID),
            isLimited: read.count > CalendarPage.limit
        )
    }

    /// Appointments keep a zone of their own: a day more on both sides, of which not all is wanted.
    private func span(of query: CalendarQuery) -> AgendaSpan {
        let zone = practice.timeZone
        return AgendaSpan(
            practiceID,
            from: WallTime(date: query.days.lowerBound.adding(days: -1), hour: 0, minute: 0).instant(in: zone),
            to: WallTime(date: query.days.upperBound.adding(days: 2), hour: 0, minute: 0).instant(in: zone),
            practitioner: query.practitioner,
            location: query.location
        )
    }
}
