import Domain
import Hummingbird
import Storage

/// `/termine/ID/absagen`
func addCancellation(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/:id/absagen", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        let late = try await visit.storage.appointments.lateChange(of: existing.id, visit.practiceID, now: visit.now)
        return try QuestionView.cancel(late, of: existing, FormData(query: request), visit)
            .response(request, visit, .ok)
    }
    routes.post("/termine/:id/absagen", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        do {
            let cancelled = try await visit.storage.appointments.cancel(
                existing.id,
                visit.practiceID,
                expecting: sent.form.version,
                answer: sent.form.lateAnswer,
                undoable: true,
                now: visit.now
            )
            try await visit.note(.changed, .appointment, cancelled.id.rawValue)
            return try await visit.offerUndo(of: cancelled, ReturnPath(sent.form, or: cancelled), request)
        } catch let late as LateChange {
            return try QuestionView.cancel(late, of: existing, sent.form, visit).response(request, visit, .conflict)
        } catch StorageError.stale where request.isForPart {
            let words = visit.words
            let back = ReturnPath(sent.form, or: existing)
            let told = QuestionView.told(words("fault.stale.heading"), words("fault.stale.advice"), back: back, words)
            return try told.response(request, visit, .conflict)
        }
    }
}
