import Domain
import Foundation
import Hummingbird
import Storage

/// What was just done, with the way to take it back.
struct UndoView: Sendable {
    let sentence: String
    /// What the rules took away.
    var taken: [String] = []
    /// nil where nothing can be taken back any more.
    let action: String?
    let back: String

    init(_ undo: AppointmentUndo, _ back: String, _ visit: Visit) {
        let words = visit.words
        let appointment = undo.appointment
        let all = [appointment] + undo.others
        let key = "calendar.done." + (undo.others.isEmpty ? "" : "several.") + undo.deed.rawValue
        sentence = words(
            key,
            [
                "moment": words.short(appointment.wallStart), "end": appointment.wallEnd.clock,
                "count": words.number(all.count),
            ]
        )
        if !undo.others.isEmpty {
            taken = [SeriesView.shortfall(of: appointment, all, visit)].compactMap(\.self)
        } else if undo.deed == .created || undo.deed == .moved {
            taken = appointment.shortfall.map { words("notice." + $0.rawValue) }
        }
        action = "/termine/\(appointment.id)/rueckgaengig"
        self.back = back
    }

    /// That it was taken back.
    init(undone appointment: Appointment, count: Int, _ words: Words) {
        let key = "calendar.undone." + (count > 1 ? "several." : "")
        sentence = words(
            key + (appointment.status == .cancelled ? "cancelled" : "again"),
            ["moment": words.short(appointment.wallStart), "count": words.number(count)]
        )
        action = nil
        back = ""
    }
}

extension Visit {
    /// The offer that a page makes whose address names an appointment just changed; nil where there is none any more.
    func undo(_ request: Request) async throws -> UndoView? {
        let query = FormData(query: request)
        guard mayWrite, let id = Appointment.ID(query[ReturnPath.undo]) else { return nil }
        let here = ReturnPath(request.uri.string)?.withoutOffer ?? ""
        do {
            let undo = try await storage.appointments.undoable(id, practiceID, now: now)
            return undo.map { UndoView($0, here, self) }
        } catch StorageError.notFound {
            return nil
        }
    }

    /// Leads back to where one was, with the offer to take the change back; a script gets the offer itself.
    func offerUndo(of appointment: Appointment, _ back: ReturnPath, _ request: Request) async throws -> Response {
        guard request.isForPart else { return SeeOther.response(back.offering(appointment.id), to: request) }
        guard let undo = try await storage.appointments.undoable(appointment.id, practiceID, now: now) else {
            return Response(status: .noContent)
        }
        return try pages.fragment("calendar/undo", UndoView(undo, back.withoutOffer, self), self)
    }
}

/// `/termine/ID/rueckgaengig`
func addUndoing(to routes: PageRoutes, _ pages: PageServices) {
    routes.post("/termine/:id/rueckgaengig", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        let back = ReturnPath(sent.form, or: existing)
        do {
            let restored = try await visit.storage.appointments.undo(
                existing.id,
                visit.practiceID,
                answer: sent.form.lateAnswer,
                now: visit.now
            ).map(\.appointment)
            for appointment in restored { try await visit.note(.changed, .appointment, appointment.id.rawValue) }
            guard let first = restored.first, request.isForPart else {
                return SeeOther.response(back.withoutOffer, to: request)
            }
            let done = UndoView(undone: first, count: restored.count, visit.words)
            return try pages.fragment("calendar/undo", done, visit)
        } catch let late as LateChange {
            let people = try await visit.people(late, of: existing)
            return try QuestionView.undo(late, of: existing, sent.form, people, visit)
                .response(request, visit, .conflict)
        } catch StorageError.stale {
            return try tooLate(back, request, visit)
        } catch is ProblemList {
            return try tooLate(back, request, visit)
        }
    }
}

private func tooLate(_ back: ReturnPath, _ request: Request, _ visit: Visit) throws -> Response {
    let words = visit.words
    let told = QuestionView.told(words("calendar.undo.late"), words("calendar.undo.late_advice"), back: back, words)
    return try told.response(request, visit, .conflict)
}
